package io.lb4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.exchange.Exchange;
import io.lb4j.exchange.Stage;
import io.lb4j.spi.Observer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/request-life.md against what really happens. */
final class RequestLifeTest {
    private static final Path PAGE = Path.of("../../docs/request-life.md");
    private static final Pattern ARROW = Pattern.compile("^ {4}([A-Z]+)(?:\\[.*?])? --> ([A-Z]+)", Pattern.MULTILINE);

    @Test
    void theDiagramShowsTheStagesInTheirOrder() throws IOException, InterruptedException {
        StageLog log = new StageLog();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = LoadBalancer.builder()
                        .listener(listener -> listener.port(0))
                        .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                        .route(route -> route.path("/**").to("api"))
                        .observer(log)
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();

            assertThat(log.untilTheEnd()).isEqualTo(stagesOfTheDiagram());
        }
    }

    private static List<Stage> stagesOfTheDiagram() throws IOException {
        List<Stage> stages = new ArrayList<>();
        Matcher arrow = ARROW.matcher(Files.readString(PAGE));
        while (arrow.find()) {
            if (stages.isEmpty()) {
                stages.add(Stage.valueOf(arrow.group(1)));
            }
            stages.add(Stage.valueOf(arrow.group(2)));
        }
        return stages;
    }

    /** Records the stages that an exchange comes to. */
    private static final class StageLog implements Observer {
        private final BlockingQueue<Stage> stages = new LinkedBlockingQueue<>();

        @Override
        public boolean wantsStages() {
            return true;
        }

        @Override
        public void onStage(Exchange exchange, Stage stage) {
            stages.add(stage);
        }

        List<Stage> untilTheEnd() throws InterruptedException {
            List<Stage> seen = new ArrayList<>();
            Stage next;
            do {
                next = stages.poll(30, TimeUnit.SECONDS);
                assertThat(next).as("a stage after %s", seen).isNotNull();
                seen.add(next);
            } while (next != Stage.ENDED);
            return seen;
        }
    }
}
