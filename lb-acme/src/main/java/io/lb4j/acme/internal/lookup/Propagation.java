package io.lb4j.acme.internal.lookup;

import io.netty.handler.codec.dns.DnsRecordType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a record has to go, and whether every server that is an authority for it shows it. Thread-safe.
 */
public final class Propagation {
    private static final Logger logger = LoggerFactory.getLogger(Propagation.class);
    private static final int ROUNDS = 2;
    private static final int MOST_ALIASES = 8;
    private static final int DNS_PORT = 53;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Lookup lookup;
    private final List<InetSocketAddress> resolvers;
    private final Check check;

    /**
     * How it is found out whether servers show a record.
     *
     * @param asksAuthorities whether the zone's own servers are asked; otherwise the resolvers are
     * @param port of the zone's own servers
     * @param patience how long is waited
     */
    public record Check(boolean asksAuthorities, int port, Duration patience) {
        /** Asks the zone's own servers for so long. */
        public static Check authorities(Duration patience) {
            return new Check(true, DNS_PORT, patience);
        }

        /** Asks the resolvers for so long. */
        public static Check resolvers(Duration patience) {
            return new Check(false, DNS_PORT, patience);
        }
    }

    /**
     * Creates a check.
     *
     * @param resolvers who is asked for aliases and for the zone's own servers, in this order; at least one
     */
    public Propagation(Lookup lookup, List<InetSocketAddress> resolvers, Check check) {
        this.lookup = lookup;
        this.resolvers = List.copyOf(resolvers);
        this.check = check;
    }

    /** What is asked of one server. */
    private interface Question {
        List<String> ask(InetSocketAddress server) throws IOException, InterruptedException;
    }

    /** Asks the resolvers in turn until one answers; twice, since datagrams get lost. */
    private List<String> ask(Question question) throws IOException, InterruptedException {
        IOException first = null;
        for (int i = 0; i < ROUNDS * resolvers.size(); i++) {
            try {
                return question.ask(resolvers.get(i % resolvers.size()));
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("resolvers: [] (expected: at least one)") : first;
    }

    /**
     * Follows aliases: a name's owner may have delegated its challenges to another zone (CNAME).
     *
     * @return the name to put the record at
     * @throws IOException if no resolver answers
     * @throws InterruptedException if the balancer closes
     */
    public String target(String name) throws IOException, InterruptedException {
        String target = name;
        for (int i = 0; i < MOST_ALIASES; i++) {
            String asked = target;
            List<String> alias = ask(resolver -> lookup.alias(resolver, asked));
            if (alias.isEmpty()) {
                return target;
            }
            target = alias.get(0);
        }
        throw new IOException(name + ": more than " + MOST_ALIASES + " aliases, one after the other");
    }

    /**
     * Waits until all servers show a value.
     *
     * @throws IOException if they do not in time; the message says which do not
     * @throws InterruptedException if the balancer closes
     */
    public void await(String name, String value) throws IOException, InterruptedException {
        long end = System.nanoTime() + check.patience.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            List<InetSocketAddress> without = without(name, value);
            if (without.isEmpty()) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("the TXT record at " + name + " is not seen at " + without + " after "
                        + check.patience + " (expected: " + value + " at every authoritative server)");
            }
            Thread.sleep(pause.toMillis());
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private List<InetSocketAddress> without(String name, String value) throws InterruptedException {
        List<InetSocketAddress> without = new ArrayList<>();
        for (Server server : servers(name)) {
            without.addAll(without(server, name, value));
        }
        return without;
    }

    /** Returns the addresses that do not show a value. Those of IPv6 are asked where none of IPv4 answers: not both lead anywhere from everywhere. */
    private List<InetSocketAddress> without(Server server, String name, String value) throws InterruptedException {
        Optional<List<InetSocketAddress>> four = without(server.four, name, value);
        Optional<List<InetSocketAddress>> answered = four.isPresent() ? four : without(server.six, name, value);
        return answered.orElseGet(server::addresses);
    }

    /** @return empty if none answers */
    private Optional<List<InetSocketAddress>> without(List<InetSocketAddress> addresses, String name, String value)
            throws InterruptedException {
        List<InetSocketAddress> without = new ArrayList<>();
        boolean hasAnswered = false;
        for (InetSocketAddress address : addresses) {
            try {
                if (!lookup.texts(address, name).contains(value)) {
                    without.add(address);
                }
                hasAnswered = true;
            } catch (IOException e) {
                logger.debug("{}: not seen, because {}", name, e.getMessage());
                without.add(address);
            }
        }
        return hasAnswered ? Optional.of(without) : Optional.empty();
    }

    /** A server of the zone, by its addresses. */
    private record Server(List<InetSocketAddress> four, List<InetSocketAddress> six) {
        List<InetSocketAddress> addresses() {
            return Stream.concat(four.stream(), six.stream()).toList();
        }
    }

    /** Returns the zone's own servers; the resolvers where these cannot be found, or are not to be asked. */
    private Set<Server> servers(String name) throws InterruptedException {
        Set<Server> found = new LinkedHashSet<>();
        try {
            String suffix = name;
            while (check.asksAuthorities && found.isEmpty() && !suffix.isEmpty()) {
                String asked = suffix;
                for (String authority : ask(resolver -> lookup.authorities(resolver, asked))) {
                    Server server = new Server(addresses(authority, DnsRecordType.A), addressesOfSix(authority));
                    if (!server.addresses().isEmpty()) {
                        found.add(server);
                    }
                }
                int dot = suffix.indexOf('.');
                suffix = dot < 0 ? "" : suffix.substring(dot + 1);
            }
        } catch (IOException e) {
            logger.debug("{}: its zone's servers cannot be found", name, e);
        }
        if (found.isEmpty()) {
            resolvers.forEach(resolver -> found.add(new Server(List.of(resolver), List.of())));
        }
        return found;
    }

    private List<InetSocketAddress> addresses(String authority, DnsRecordType type)
            throws IOException, InterruptedException {
        return ask(resolver -> lookup.addresses(resolver, authority, type)).stream()
                .map(address -> new InetSocketAddress(address, check.port))
                .toList();
    }

    /** Servers that fail on this family are common. */
    private List<InetSocketAddress> addressesOfSix(String authority) throws InterruptedException {
        try {
            return addresses(authority, DnsRecordType.AAAA);
        } catch (IOException e) {
            logger.debug("{}: its addresses of IPv6 cannot be found", authority, e);
            return List.of();
        }
    }
}
