// login CONNECTION: tries to log in until it can, with libpq and hardly a pause. The end of the
// floor of `create`: nothing can notice a server earlier.
#include <libpq-fe.h>
#include <stdio.h>
#include <time.h>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const struct timespec pause = {.tv_sec = 0, .tv_nsec = 2000000};
    for (int tries = 0; tries < 60000; ++tries) {
        PGconn* connection = PQconnectdb(argv[1]);
        const int good = PQstatus(connection) == CONNECTION_OK;
        PQfinish(connection);
        if (good) return 0;
        nanosleep(&pause, NULL);
    }
    fputs("login: the server does not answer\n", stderr);
    return 1;
}
