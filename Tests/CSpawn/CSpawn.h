// How a process is to start, which the C library declares for those only who ask for more than the standard.

#ifndef CSPAWN_H
#define CSPAWN_H

#include <spawn.h>

extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

#endif
