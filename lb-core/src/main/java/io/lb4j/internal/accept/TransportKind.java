package io.lb4j.internal.accept;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Optional;

/** A way to do I/O. Which of them work depends on the platform and on the native libraries that are on the class path. */
public enum TransportKind {
    /** Linux, through Netty's native library. */
    EPOLL("epoll") {
        @Override
        public Optional<Throwable> unavailabilityCause() {
            return Optional.ofNullable(Epoll.unavailabilityCause());
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        public ServerChannel serverSocket() {
            return new EpollServerSocketChannel();
        }

        @Override
        public SocketChannel socket() {
            return new EpollSocketChannel();
        }

        @Override
        public DatagramChannel datagram() {
            return new EpollDatagramChannel();
        }
    },

    /** macOS and the BSDs, through Netty's native library. */
    KQUEUE("kqueue") {
        @Override
        public Optional<Throwable> unavailabilityCause() {
            return Optional.ofNullable(KQueue.unavailabilityCause());
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return KQueueIoHandler.newFactory();
        }

        @Override
        public ServerChannel serverSocket() {
            return new KQueueServerSocketChannel();
        }

        @Override
        public SocketChannel socket() {
            return new KQueueSocketChannel();
        }

        @Override
        public DatagramChannel datagram() {
            return new KQueueDatagramChannel();
        }
    },

    /** Linux 5.9 and newer, through Netty's native library; never chosen unless asked for. */
    IO_URING("io_uring") {
        @Override
        public Optional<Throwable> unavailabilityCause() {
            return Optional.ofNullable(IoUring.unavailabilityCause());
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return IoUringIoHandler.newFactory();
        }

        @Override
        public ServerChannel serverSocket() {
            return new IoUringServerSocketChannel();
        }

        @Override
        public SocketChannel socket() {
            return new IoUringSocketChannel();
        }

        @Override
        public DatagramChannel datagram() {
            return new IoUringDatagramChannel();
        }
    },

    /** Every platform: the selectors of the JDK. */
    NIO("NIO") {
        @Override
        public Optional<Throwable> unavailabilityCause() {
            return Optional.empty();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        public ServerChannel serverSocket() {
            return new NioServerSocketChannel();
        }

        @Override
        public SocketChannel socket() {
            return new NioSocketChannel();
        }

        @Override
        public DatagramChannel datagram() {
            return new NioDatagramChannel();
        }
    };

    private final String text;

    TransportKind(String text) {
        this.text = text;
    }

    /** Returns why this transport cannot be used here; empty if it can. */
    public abstract Optional<Throwable> unavailabilityCause();

    /** Makes a listening TCP socket, not yet registered or bound. */
    public abstract ServerChannel serverSocket();

    /** Makes a TCP socket, not yet registered or connected. */
    public abstract SocketChannel socket();

    /** Makes a UDP socket, not yet registered or bound. */
    public abstract DatagramChannel datagram();

    abstract IoHandlerFactory ioHandlers();

    /** Returns whether this transport can be used here. */
    public boolean isAvailable() {
        return unavailabilityCause().isEmpty();
    }

    /** Returns the best transport that works here without being asked for: epoll, kqueue, or else NIO. */
    public static TransportKind automatic() {
        if (EPOLL.isAvailable()) {
            return EPOLL;
        }
        return KQUEUE.isAvailable() ? KQUEUE : NIO;
    }

    /** Returns the customary spelling. */
    @Override
    public String toString() {
        return text;
    }
}
