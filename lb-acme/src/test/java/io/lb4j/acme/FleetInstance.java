package io.lb4j.acme;

import io.lb4j.LoadBalancer;
import io.lb4j.discovery.etcd.Etcd;
import io.lb4j.stats.CertificateStatistics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A program that is one instance of a fleet on etcd, where no authority looks. Says on request which certificates it serves, and ends with its
 * input.
 */
final class FleetInstance {
    private FleetInstance() {}

    /**
     * Runs until its input ends.
     *
     * @param words the authority, whom its API is trusted by, etcd's address, and names
     */
    public static void main(String[] words) throws IOException {
        Acme acme = Acme.authority(authority -> authority.directory(words[0]).trust(Path.of(words[1])))
                .acceptTerms()
                .domains(Arrays.copyOfRange(words, 3, words.length));
        try (LoadBalancer lb = LoadBalancer.builder()
                        .listener(
                                "plain", listener -> listener.host("127.0.0.1").port(0))
                        .listener(
                                "secured",
                                listener -> listener.host("127.0.0.1").port(0).tls(tls -> {}))
                        .acme(acme)
                        .store(Etcd.at(words[2]).store())
                        .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(1)))
                        .start();
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (requests.readLine() != null) {
                say("serves " + lb.port() + " " + served(acme));
            }
        }
    }

    private static void say(String line) {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
        System.out.write(octets, 0, octets.length);
        System.out.flush();
    }

    private static String served(Acme acme) {
        return acme.standing().stream()
                .flatMap(one -> one.held().map(CertificateStatistics.Held::serial).stream())
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
