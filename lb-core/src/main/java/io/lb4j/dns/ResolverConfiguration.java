package io.lb4j.dns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from a {@code resolv.conf(5)} how names are completed; Netty, which reads the servers from it, keeps that to itself. */
final class ResolverConfiguration {
    private static final Logger LOGGER = LoggerFactory.getLogger(ResolverConfiguration.class);
    private static final Path SYSTEM = Path.of("/etc/resolv.conf");
    private static final String DOTS = "ndots:";

    private ResolverConfiguration() {}

    static DnsSettings.Search ofSystem() {
        if (!Files.isReadable(SYSTEM)) {
            return DnsSettings.Search.NONE;
        }
        try {
            return parse(Files.readAllLines(SYSTEM));
        } catch (IOException e) {
            LOGGER.warn("{} cannot be read; names are taken as they stand", SYSTEM, e);
            return DnsSettings.Search.NONE;
        }
    }

    static DnsSettings.Search parse(List<String> lines) {
        List<String> domains = List.of();
        int dots = 1;
        for (String line : lines) {
            List<String> words = List.of(line.strip().split("\\s+"));
            List<String> arguments = words.subList(1, words.size());
            switch (words.get(0)) {
                // Of several such lines the last one counts.
                case "search", "domain" -> domains = withoutTrailingDots(arguments);
                case "options" -> dots = dotsOf(arguments, dots);
                default -> {
                    // Servers are Netty's to read; the rest concerns nobody here.
                }
            }
        }
        return new DnsSettings.Search(domains, dots);
    }

    private static List<String> withoutTrailingDots(List<String> names) {
        List<String> domains = new ArrayList<>();
        for (String name : names) {
            String domain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            if (!domain.isEmpty()) {
                domains.add(domain);
            }
        }
        return domains;
    }

    private static int dotsOf(List<String> options, int otherwise) {
        int dots = otherwise;
        for (String option : options) {
            if (option.startsWith(DOTS) && option.substring(DOTS.length()).matches("\\d{1,2}")) {
                dots = Math.min(15, Integer.parseInt(option.substring(DOTS.length())));
            }
        }
        return dots;
    }
}
