// stopwatch WARM RUNS PROGRAM [WORD..] [-- PROGRAM [WORD..]]..: starts the programs in turns, each
// to its end, WARM + RUNS times, and prints one line for each of the RUNS turns with the
// nanoseconds of each program. Their output goes to /dev/null. A shell's own start would drown what
// is measured.
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

enum { MOST = 32 };

static long long now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void give_up(const char* program, const char* why) {
    fprintf(stderr, "stopwatch: %s: %s\n", program, why);
    exit(1);
}

static long long run_once(char** words, const posix_spawn_file_actions_t* actions) {
    pid_t child;
    const long long begin = now();
    const int error = posix_spawn(&child, words[0], actions, NULL, words, environ);
    if (error != 0) give_up(words[0], strerror(error));
    int status;
    while (waitpid(child, &status, 0) == -1) {
        if (errno != EINTR) give_up(words[0], strerror(errno));
    }
    const long long end = now();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) give_up(words[0], "did not end with 0");
    return end - begin;
}

int main(int argc, char** argv) {
    char** programs[MOST];
    int count = 0;
    const long warm = argc > 3 ? strtol(argv[1], NULL, 10) : -1;
    const long runs = argc > 3 ? strtol(argv[2], NULL, 10) : 0;
    if (warm < 0 || runs < 1)
        give_up("usage", "stopwatch WARM RUNS PROGRAM [WORD..] [-- PROGRAM [WORD..]]..");
    programs[count++] = argv + 3;
    for (int i = 4; i + 1 < argc; ++i) {
        if (strcmp(argv[i], "--") != 0) continue;
        if (count == MOST) give_up("usage", "too many programs");
        argv[i] = NULL;
        programs[count++] = argv + i + 1;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    for (long run = -warm; run < runs; ++run) {
        for (int i = 0; i < count; ++i) {
            const long long took = run_once(programs[i], &actions);
            if (run >= 0) printf("%lld%c", took, i + 1 == count ? '\n' : ' ');
        }
    }
    return 0;
}
