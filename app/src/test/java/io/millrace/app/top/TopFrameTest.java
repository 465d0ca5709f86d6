package io.millrace.app.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.page.view.PageEvents;
import io.millrace.app.page.view.PageState;
import io.millrace.app.page.view.PageView;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class TopFrameTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final PageView view = new PageView("local", List.of(PageEvents.task(PageEvents.TASK)), registry);

    @Test
    void shouldSayWhatIsAwaited() {
        // When
        List<String> frame = TopFrame.of(state(), 120);

        // Then
        assertThat(frame).anyMatch(line -> line.startsWith("millrace local  task intent  up 0:00:0"));
        assertThat(frame)
                .contains(
                        "training  step 0",
                        "loss      waits for the first step",
                        "model     none is promoted yet, 0 of 0 checkpoints promoted",
                        "no checkpoint yet",
                        "drift     none so far",
                        "rejected  none");
    }

    @Test
    void shouldShowTheFiguresOfThePage() {
        // Given
        registry.counter("millrace.ingest.received", "task", PageEvents.TASK).increment(1234);
        registry.counter("millrace.ingest.accepted", "task", PageEvents.TASK).increment(1234);
        view.step(PageEvents.TASK, 12, Map.of("taskLoss", 0.5, "prequentialAccuracy", 0.75));
        view.fold(PageEvents.TASK, fold -> {
            fold.checkpoint(PageEvents.announcement(10, null), PageEvents.at(10));
            fold.evaluation(PageEvents.evaluation(10, 0.7, 0.5));
            fold.modelUpdate(PageEvents.update(Verdict.PROMOTED, 10, "first\u001B[2J model"), PageEvents.at(11));
            fold.drift(
                    PageEvents.drift(DriftPhase.STARTED, "vocabulary", 11, "e", List.of("flight")), PageEvents.at(11));
        });

        // When
        List<String> frame = TopFrame.of(state(), 120);

        // Then
        assertThat(frame)
                .contains(
                        "training  step 12  test-then-train 75.0 %",
                        "ingest    received 1,234 = accepted 1,234 + rejected 0 + duplicate 0",
                        "loss      task 0.5000",
                        "model     step 10 (checkpoint-000010), 1 of 1 checkpoints promoted",
                        "step  verdict   known (in)  typos (out)  why",
                        "  10  promoted      70.0 %       50.0 %  first\\u001B[2J model",
                        "drift     step 11 on  vocabulary  words: flight");
    }

    @Test
    void shouldKeepToTheWidth() {
        // Given
        view.note("broker", "a".repeat(300));

        // When
        List<String> frame = TopFrame.of(state(), 60);

        // Then
        assertThat(frame).allMatch(line -> line.length() <= 60);
    }

    @Test
    void shouldReadTheStateThatThePageServes() throws Exception {
        // Given
        view.step(PageEvents.TASK, 12, Map.of("taskLoss", 0.5));
        byte[] body = Json.write(state()).getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/state", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();

        // When
        PageState read = new StateReader(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "")
                .read();
        server.stop(0);

        // Then
        assertThat(read.task().training().step()).isEqualTo(12);
        assertThat(read.task().training().losses()).containsEntry("taskLoss", 0.5);
    }

    @Test
    void shouldSayWhatToDoIfNothingAnswers() throws Exception {
        // Given
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        StateReader reader = new StateReader(URI.create("http://127.0.0.1:" + port), "");

        // When
        var thrown = assertThatThrownBy(reader::read);

        // Then
        thrown.hasMessage("nothing answers at http://127.0.0.1:" + port
                + ". Start ./millrace demo, local or a service, and give the address that it prints with --url.");
    }

    private PageState state() {
        return view.state(view.task("").orElseThrow());
    }
}
