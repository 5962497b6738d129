// A program that does nothing: the floor of every start.
int main(void) { return 0; }
