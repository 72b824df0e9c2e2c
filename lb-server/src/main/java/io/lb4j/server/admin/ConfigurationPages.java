package io.lb4j.server.admin;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.server.config.ServerConfiguration;
import io.lb4j.server.json.Json;
import io.lb4j.server.life.AppliedVersion;
import io.lb4j.server.life.Difference;
import io.lb4j.server.life.Outcome;
import io.lb4j.server.life.Refusal;
import io.lb4j.server.source.ConfigurationReading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration: what is in force, what was, and another in its place. Secrets are masked wherever it is shown. Thread-safe. */
final class ConfigurationPages {
    private static final Option<Long> VERSION = Option.of("version", OptionTypes.longInteger(1), "Which one.")
            .required()
            .build();
    private static final Section ROLLBACK =
            Section.of("rollback", "A version to go back to.").options(VERSION).build();

    private static final String DRY_RUN = "dry_run";

    private final Administered administered;

    ConfigurationPages(Administered administered) {
        this.administered = administered;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get(
                        "/config", "What is in force, secrets masked.", request -> AdminResponse.json(present())),
                AdminRoute.post(
                                "/config",
                                "Puts a configuration, in YAML or JSON, in force, or says what would change.",
                                this::post)
                        .taking(DRY_RUN, "true: it is checked only"),
                AdminRoute.post(
                        "/config/reload", "Reads the files again.", request -> outcome(files().reload("request"))),
                AdminRoute.post("/config/rollback", "Puts a version in force that was.", ROLLBACK, this::rollBack),
                AdminRoute.get(
                        "/config/versions", "The versions that are kept, and the last refusal.", request -> versions()),
                AdminRoute.get(
                        "/config/versions/{version}",
                        "One of them.",
                        request -> AdminResponse.json(version(request.variable("version"))
                                .configuration()
                                .toTree())),
                AdminRoute.get("/config/difference", "What is different between two versions.", this::difference)
                        .taking("from", "the number of a version; the present one unless it is said")
                        .taking("to", "the number of a version; the present one unless it is said"));
    }

    private Map<String, Object> present() {
        return administered
                .files()
                .map(files -> files.configurations().present().configuration().toTree())
                .orElseGet(
                        () -> administered.balancer().configuration().settings().toTree());
    }

    private Administered.Files files() throws Problem {
        return administered
                .files()
                .orElseThrow(() -> new Problem(409, "the configuration is given by code (expected: one in files)"));
    }

    private AdminResponse post(AdminRequest request) throws Problem {
        Administered.Files files = files();
        if (isTrue(request.parameter(DRY_RUN).orElse("false"))) {
            return checked(files.check(request.body()), files);
        }
        try {
            return outcome(files.configurations().apply(files.read(request.body()), "request"));
        } catch (ConfigurationException e) {
            throw faulty(e.faults());
        }
    }

    private static AdminResponse checked(ConfigurationReading.Check check, Administered.Files files) throws Problem {
        ServerConfiguration next = check.result()
                .configuration()
                .orElseThrow(() -> faulty(check.result().faults()));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("result", "valid");
        tree.put("changes", changes(files.configurations().present().configuration(), next));
        if (!check.dispensable().isEmpty()) {
            tree.put(
                    "not_required",
                    check.dispensable().stream().map(Problem::tree).toList());
        }
        if (!check.left().isEmpty()) {
            tree.put("not_looked_at", check.left());
        }
        return AdminResponse.json(tree);
    }

    private static Problem faulty(List<Fault> faults) {
        return new Problem(422, "the configuration has faults; nothing has changed", faults);
    }

    private static boolean isTrue(String text) throws Problem {
        if (!text.equals("true") && !text.equals("false")) {
            throw new Problem(400, DRY_RUN + ": " + Gate.quoted(text) + " (expected: true or false)");
        }
        return text.equals("true");
    }

    private AdminResponse rollBack(AdminRequest request) throws Problem {
        long number = Bodies.read(request.body(), ROLLBACK).value(VERSION);
        return outcome(files().configurations().rollBack(number).orElseThrow(() -> unknown(String.valueOf(number))));
    }

    private static AdminResponse outcome(Outcome outcome) throws Problem {
        if (outcome instanceof Outcome.Refused refused) {
            Refusal refusal = refused.refusal();
            throw new Problem(
                    422, "refused, the configuration before is in force: " + refusal.message(), refusal.faults());
        }
        if (outcome instanceof Outcome.Unchanged unchanged) {
            return AdminResponse.json(Map.<String, Object>of(
                    "result", "unchanged", "version", unchanged.version().number()));
        }
        AppliedVersion version = ((Outcome.Applied) outcome).version();
        return AdminResponse.json(Map.<String, Object>of("result", "applied", "version", version.number()));
    }

    private AdminResponse versions() throws Problem {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(
                "versions",
                files().configurations().versions().stream()
                        .map(ConfigurationPages::tree)
                        .toList());
        files().configurations().lastRefusal().ifPresent(refusal -> tree.put("last_refusal", tree(refusal)));
        return AdminResponse.json(tree);
    }

    private static Map<String, Object> tree(AppliedVersion version) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("version", version.number());
        tree.put("at", version.at());
        tree.put("cause", version.cause());
        return tree;
    }

    private static Map<String, Object> tree(Refusal refusal) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("at", refusal.at());
        tree.put("cause", refusal.cause());
        tree.put("message", refusal.message());
        Problem.putFaults(tree, refusal.faults());
        return tree;
    }

    private AdminResponse difference(AdminRequest request) throws Problem {
        AppliedVersion from = version(request.parameter("from").orElse(""));
        AppliedVersion to = version(request.parameter("to").orElse(""));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("from", from.number());
        tree.put("to", to.number());
        tree.put("changes", changes(from.configuration(), to.configuration()));
        return AdminResponse.json(tree);
    }

    private static List<Object> changes(ServerConfiguration before, ServerConfiguration after) {
        return Difference.between(before, after).stream().map(Json::tree).toList();
    }

    private AppliedVersion version(String number) throws Problem {
        if (number.isEmpty()) {
            return files().configurations().present();
        }
        Optional<AppliedVersion> version = number.matches("\\d{1,15}")
                ? files().configurations().version(Long.parseLong(number))
                : Optional.empty();
        return version.orElseThrow(() -> unknown(number));
    }

    private static Problem unknown(String number) {
        return new Problem(404, "version: \"" + number + "\" (expected: one of GET /config/versions)");
    }
}
