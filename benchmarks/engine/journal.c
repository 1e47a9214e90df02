/* Writes down what a process does to the files under a folder, so that a power cut can be played afterwards: every
 * write, cut, rename, unlink and fsync, in order, with its moment. Preloaded: LD_PRELOAD=journal.so JOURNAL=file JOURNALED=folder.
 * A record is a header of five int64 (kind, nanoseconds of CLOCK_MONOTONIC, offset, length of the path, length of the
 * data), the path and the data. Of an fsync the offset is the moment at which it began: what another thread writes while it
 * is on its way is not sure to be on disk when it ends. SLOW=milliseconds makes each fsync take so much longer. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, CUT = 2, SYNC = 3, RENAME = 4, UNLINK = 5 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int out = -1;
static ssize_t (*next_write)(int, const void *, size_t);
static ssize_t (*next_pwrite)(int, const void *, size_t, off_t);
static int (*next_cut)(int, off_t);
static int (*next_fsync)(int);
static int (*next_fdatasync)(int);
static int (*next_rename)(const char *, const char *);
static int (*next_unlink)(const char *);

__attribute__((constructor)) static void start(void) {
  next_write = dlsym(RTLD_NEXT, "write");
  next_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  next_cut = dlsym(RTLD_NEXT, "ftruncate64");
  next_fsync = dlsym(RTLD_NEXT, "fsync");
  next_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  next_rename = dlsym(RTLD_NEXT, "rename");
  next_unlink = dlsym(RTLD_NEXT, "unlink");
  if (getenv("JOURNAL")) out = open(getenv("JOURNAL"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

/* The path of a file that is watched, or nothing. */
static int watched(int fd, char *path) {
  char link[64];
  const char *root = getenv("JOURNALED");
  if (out < 0 || fd == out || !root) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, 4095);
  if (size < 0) return 0;
  path[size] = 0;
  return strncmp(path, root, strlen(root)) == 0;
}

static int64_t moment(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void note(int kind, const char *path, int64_t offset, const void *data, size_t size) {
  int64_t head[5] = {kind, moment(), offset, (int64_t)strlen(path), (int64_t)size};
  next_write(out, head, sizeof head);
  next_write(out, path, strlen(path));
  if (size) next_write(out, data, size);
}

ssize_t write(int fd, const void *data, size_t size) {
  char path[4096];
  if (!watched(fd, path)) return next_write(fd, data, size);
  pthread_mutex_lock(&lock);
  ssize_t wrote = next_write(fd, data, size);
  if (wrote > 0) note(WRITE, path, lseek(fd, 0, SEEK_CUR) - wrote, data, wrote);
  pthread_mutex_unlock(&lock);
  return wrote;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) {
  char path[4096];
  if (!watched(fd, path)) return next_pwrite(fd, data, size, offset);
  pthread_mutex_lock(&lock);
  ssize_t wrote = next_pwrite(fd, data, size, offset);
  if (wrote > 0) note(WRITE, path, offset, data, wrote);
  pthread_mutex_unlock(&lock);
  return wrote;
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return pwrite64(fd, data, size, offset); }

int ftruncate64(int fd, off_t size) {
  char path[4096];
  int done = next_cut(fd, size);
  if (done == 0 && watched(fd, path)) {
    pthread_mutex_lock(&lock);
    note(CUT, path, size, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int (*next)(int), int fd) {
  char path[4096];
  int64_t began = moment();
  int done = next(fd);
  if (getenv("SLOW")) usleep(1000 * atoi(getenv("SLOW")));
  if (done == 0 && watched(fd, path)) {
    pthread_mutex_lock(&lock);
    note(SYNC, path, began, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  return done;
}
int fsync(int fd) { return synced(next_fsync, fd); }
int fdatasync(int fd) { return synced(next_fdatasync, fd); }

/* A name that is changed or taken away. */
static int named(int kind, const char *path, const char *to, int done) {
  const char *root = getenv("JOURNALED");
  if (done == 0 && out >= 0 && root && strncmp(path, root, strlen(root)) == 0) {
    pthread_mutex_lock(&lock);
    note(kind, path, 0, to, strlen(to));
    pthread_mutex_unlock(&lock);
  }
  return done;
}
int rename(const char *from, const char *to) { return named(RENAME, from, to, next_rename(from, to)); }
int unlink(const char *path) { return named(UNLINK, path, "", next_unlink(path)); }
