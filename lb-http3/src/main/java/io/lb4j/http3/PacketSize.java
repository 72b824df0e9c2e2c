package io.lb4j.http3;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.codec.quic.QuicCodecBuilder;

/**
 * How large packets of QUIC may become. Each connection begins with what every path carries, and finds out by packets of padding what else comes through (RFC 9000 §14.3, by
 * RFC 8899). That is honest only where neither the kernel nor a router cuts packets up, so without a way to forbid that it is left be. quiche (0.29.3) tries on the first path of
 * a connection alone, and takes what is configured for granted on others. Stateless.
 */
final class PacketSize {
    /** Any path of QUIC carries that much (RFC 9000 §14). */
    private static final int SMALLEST = 1_200;

    /** Where {@code max_packet_size} means to try nothing. */
    static final long CARRIED_EVERYWHERE = SMALLEST;

    /** What networks carry, but for a few tunnels: 1,378 octets by IPv4, 1,398 by IPv6. */
    static final long CARRIED_MOSTLY = 1_350;

    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    private static final IntegerUnixChannelOption IP_MTU_DISCOVER =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", IPPROTO_IP, 10);
    private static final IntegerUnixChannelOption IPV6_MTU_DISCOVER =
            new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", IPPROTO_IPV6, 23);
    /** IP_PMTUDISC_PROBE: packets are not cut up, and go whatever the kernel believes of the path. */
    private static final int WHOLE = 3;

    private PacketSize() {}

    /**
     * Makes the option of it.
     *
     * @param usual the default
     * @param scope what else is to be known, or nothing
     */
    static Option<Long> option(long usual, String scope) {
        return Option.of(
                        "max_packet_size",
                        OptionTypes.size(SMALLEST, ManyPackets.PACKET_OCTETS),
                        "Octets that a packet of QUIC (what is in a datagram of UDP) may have at the most, where the path"
                                + " turns out to carry them: each connection begins with 1200, and tries. With epoll on"
                                + " Linux; elsewhere it stays at 1200."
                                + scope)
                .defaultsTo(usual)
                .build();
    }

    /**
     * Has a codec find out what comes through.
     *
     * @param socket that its packets leave by
     * @param wanted the most
     */
    static void discover(QuicCodecBuilder<?> codec, DatagramChannel socket, long wanted) {
        if (wanted > SMALLEST && forbidsFragments(socket)) {
            codec.maxSendUdpPayloadSize(wanted).discoverPmtu(true);
        }
    }

    private static boolean forbidsFragments(DatagramChannel socket) {
        if (!(socket instanceof EpollDatagramChannel)) {
            return false;
        }
        try {
            socket.config().setOption(IP_MTU_DISCOVER, WHOLE);
        } catch (ChannelException e) {
            return false; // as in sandboxes that do not know it
        }
        try {
            socket.config().setOption(IPV6_MTU_DISCOVER, WHOLE);
        } catch (ChannelException e) {
            // A socket of IPv4 alone has nothing of IPv6 to set.
            return true;
        }
        return true;
    }
}
