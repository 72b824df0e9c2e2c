package io.lb4j.it.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.it.fixture.Command;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** h2spec's cases, strict ones included, against a listener with an HTTP/1.1 endpoint behind it. */
@Timeout(360)
final class H2specTest {
    private static final Path ARCHIVE = Path.of("target/suites/h2spec/2.2.0/h2spec_linux_amd64.tar.gz");
    private static final int CASES = 146;

    @TempDir
    private Path folder;

    @Test
    void passesEveryCaseWithoutTls() throws Exception {
        try (ScriptedUpstream upstream = upstream();
                LoadBalancer balancer = Between.start(Origin.http1(upstream.port()))) {
            assertThat(failures("-p", Integer.toString(Between.plainPort(balancer))))
                    .isEmpty();
        }
    }

    @Test
    void passesEveryCaseOverTls() throws Exception {
        try (ScriptedUpstream upstream = upstream();
                LoadBalancer balancer = Between.start(Origin.http1(upstream.port()))) {
            assertThat(failures("-p", Integer.toString(Between.securedPort(balancer)), "-t", "-k"))
                    .isEmpty();
        }
    }

    private static ScriptedUpstream upstream() {
        return ScriptedUpstream.start(script -> script.onAny().answer(200, "a body that has some octets"));
    }

    /** Runs the suite; returns the cases that failed, and makes sure that all were run. */
    private List<String> failures(String... arguments) throws Exception {
        Command.run("tar", "-xzf", ARCHIVE.toAbsolutePath().toString(), "-C", folder.toString());
        Path report = folder.resolve("report.xml");
        List<String> command = new ArrayList<>(List.of(
                folder.resolve("h2spec").toString(), "-h", "127.0.0.1", "-S", "-o", "10", "-j", report.toString()));
        command.addAll(List.of(arguments));
        String output = Command.runAnyhow(300, command.toArray(String[]::new)).output();

        NodeList cases = parse(report).getElementsByTagName("testcase");
        assertThat(cases.getLength()).as(output).isEqualTo(CASES);
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element testCase = (Element) cases.item(i);
            if (testCase.getElementsByTagName("failure").getLength() > 0
                    || testCase.getElementsByTagName("error").getLength() > 0) {
                failed.add(testCase.getAttribute("package") + ": " + testCase.getAttribute("classname") + ": "
                        + testCase.getTextContent().strip());
            }
        }
        return failed;
    }

    private static Document parse(Path report) throws Exception {
        // Of a case that failed the report has the octets that came, which XML does not allow.
        String text =
                Files.readString(report, StandardCharsets.UTF_8).replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", "?");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }
}
