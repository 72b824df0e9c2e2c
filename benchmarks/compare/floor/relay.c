/*
 * The floor of the comparison: relays bytes between a client and the origin, one upstream connection for each client
 * connection, and parses nothing. What it costs is what the kernel asks of any proxy that copies through user space.
 *
 * Usage: relay PORT ORIGIN_PORT, both on 127.0.0.1. Serves until it is killed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 65536, EVENTS = 256, BACKLOG = 4096 };

/* One end of a relayed pair; the buffer holds what was read here and not yet written to the other end. */
struct end {
    int fd;
    bool closed;
    struct end *other;
    struct end *next_closed;
    size_t first;
    size_t length;
    char buffer[BUFFER_BYTES];
};

static int poller;
/* Freed only after the batch of events that may still point to them. */
static struct end *closed_ends;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    struct sockaddr_in address = loopback(port);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) fail("socket");
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, BACKLOG) != 0) fail("listen");
    return fd;
}

/* Blocks: a connection over loopback is there at once. */
static int connect_to(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(port);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void watch(int operation, struct end *end, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = end};
    if (epoll_ctl(poller, operation, end->fd, &event) != 0) fail("epoll_ctl");
}

/* An end is read while its buffer is empty, and asked for room while the other end's buffer is not. */
static void rearm(struct end *end) {
    watch(EPOLL_CTL_MOD, end, (end->length == 0 ? EPOLLIN : 0) | (end->other->length > 0 ? EPOLLOUT : 0));
}

static void close_end(struct end *end) {
    close(end->fd);
    end->closed = true;
    end->next_closed = closed_ends;
    closed_ends = end;
}

static void close_pair(struct end *end) {
    close_end(end->other);
    close_end(end);
}

/* Returns false once the connection is of no more use. */
static bool flush(struct end *from) {
    ssize_t written = send(from->other->fd, from->buffer + from->first, from->length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0) return errno == EAGAIN;
    from->first += (size_t)written;
    from->length -= (size_t)written;
    return true;
}

static bool on_readable(struct end *end) {
    ssize_t received = recv(end->fd, end->buffer, BUFFER_BYTES, MSG_DONTWAIT);
    if (received <= 0) return received < 0 && errno == EAGAIN;
    end->first = 0;
    end->length = (size_t)received;
    if (!flush(end)) return false;
    if (end->length > 0) {
        rearm(end);
        rearm(end->other);
    }
    return true;
}

static bool on_writable(struct end *end) {
    struct end *source = end->other;
    if (source->length > 0 && !flush(source)) return false;
    if (source->length == 0) {
        rearm(end);
        rearm(source);
    }
    return true;
}

static struct end *end_of(int fd) {
    struct end *end = malloc(sizeof *end);
    int on = 1;
    if (end == NULL) fail("malloc");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    end->fd = fd;
    end->closed = false;
    end->length = 0;
    return end;
}

static void on_connection(int listener, int origin_port) {
    int client = accept(listener, NULL, NULL);
    if (client < 0) return;
    int upstream = connect_to(origin_port);
    if (upstream < 0) {
        close(client);
        return;
    }
    struct end *one = end_of(client);
    struct end *two = end_of(upstream);
    one->other = two;
    two->other = one;
    watch(EPOLL_CTL_ADD, one, EPOLLIN);
    watch(EPOLL_CTL_ADD, two, EPOLLIN);
}

static void on_event(struct end *end, uint32_t events) {
    if (end->closed) return;
    bool useful = (events & EPOLLOUT) == 0 || on_writable(end);
    if (useful && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && end->length == 0) useful = on_readable(end);
    if (!useful) close_pair(end);
}

static void free_closed(void) {
    while (closed_ends != NULL) {
        struct end *next = closed_ends->next_closed;
        free(closed_ends);
        closed_ends = next;
    }
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: relay PORT ORIGIN_PORT\n");
        return 1;
    }
    int listener = listen_on(atoi(arguments[1]));
    int origin_port = atoi(arguments[2]);
    struct epoll_event accepting = {.events = EPOLLIN, .data.ptr = NULL};
    poller = epoll_create1(0);
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &accepting) != 0) fail("epoll");
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poller, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr == NULL) {
                on_connection(listener, origin_port);
            } else {
                on_event(events[i].data.ptr, events[i].events);
            }
        }
        free_closed();
    }
}
