package io.lb4j.benchmarks.protocols;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that holds connections of HTTP/3 open and sends nothing, until its input ends. Arguments: port, connections. */
final class IdleClients {
    static final String READY = "ready";

    private IdleClients() {}

    /** Connects, says so, and waits. */
    public static void main(String[] arguments) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        List<LoadClient> clients = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            clients.add(Http3Client.connect(group, Integer.parseInt(arguments[0])));
        }
        System.out.println(READY);
        while (System.in.read() >= 0) {}
        clients.forEach(LoadClient::close);
        group.shutdownGracefully().syncUninterruptibly();
    }
}
