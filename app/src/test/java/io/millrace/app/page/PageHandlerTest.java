package io.millrace.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.app.page.view.PageEvents;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

class PageHandlerTest {

    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"|from '([^']+)'");

    /** An answer: its status, its head and its body. */
    private record Answer(int status, String head, String body) {

        static Answer of(String raw) {
            int end = raw.indexOf("\r\n\r\n");
            return new Answer(Integer.parseInt(raw.substring(9, 12)), raw.substring(0, end), raw.substring(end + 4));
        }
    }

    @TempDir
    private Path store;

    private final HttpClient http = HttpClient.newHttpClient();
    private ServedPage page;

    @BeforeEach
    void serve() {
        page = new ServedPage(store);
    }

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void shouldServeThePageWithAPolicyThatAllowsNoForeignScript() throws Exception {
        // When
        Answer response = get("/");

        // Then
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head())
                .containsIgnoringCase("Content-Type: text/html; charset=utf-8")
                .containsIgnoringCase("Content-Security-Policy: default-src 'none'; script-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(response.body()).doesNotContain("<style", "style=", "http://", "https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/assets/main.js", "/assets/chart.js", "/assets/charts.js", "/assets/trial.js"})
    void shouldServeEveryFileThatItsFilesName(String file) throws Exception {
        // When
        var references = REFERENCE.matcher(get(file).body());

        // Then
        int found = 0;
        while (references.find()) {
            String name = references.group(1) == null ? references.group(2) : references.group(1);
            String path = name.startsWith("./") ? "/assets/" + name.substring(2) : name;
            assertThat(get(path).status()).as(path).isEqualTo(200);
            found++;
        }
        assertThat(found).isPositive();
    }

    @Test
    void shouldAnswerWithTheStateOfATask() throws Exception {
        // Given
        page.view().fold(PageEvents.TASK, fold -> {
            fold.checkpoint(PageEvents.announcement(10, null), PageEvents.at(10));
            fold.modelUpdate(PageEvents.update(Verdict.PROMOTED, 10, "<b>first</b>"), PageEvents.at(11));
        });

        // When
        JsonNode state = json(get("/api/state"));

        // Then
        assertThat(state.at("/service").asText()).isEqualTo("local");
        assertThat(state.at("/tasks")).hasSize(2);
        assertThat(state.at("/task/name").asText()).isEqualTo(PageEvents.TASK);
        assertThat(state.at("/task/models/champion/reasons/0").asText()).isEqualTo("<b>first</b>");
        assertThat(json(get("/api/state?task=topics")).at("/task/models/checkpoints"))
                .isEmpty();
    }

    @Test
    void shouldAnswerWithAPartOfAChart() throws Exception {
        // Given
        for (long step = 1; step <= 100; step++) {
            page.view().step(PageEvents.TASK, step, Map.of("taskLoss", 1.0 / step));
        }

        // When
        JsonNode series = json(get("/api/series?chart=loss&from=50&to=60&width=500"));

        // Then
        assertThat(series.at("/x")).hasSize(13);
        assertThat(series.at("/series/0/name").asText()).isEqualTo("taskLoss");
        assertThat(series.at("/thinned").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /api/state?task=nothing        | 404 | there is no task "nothing" in this process
                    /api/series?chart=pie          | 400 | chart must be one of [loss, accuracy, in, out]
                    /api/series?chart=in&from=soon | 400 | from must be a whole number, got "soon"
                    /api/state?task=%F0%9F%8C%8A     | 404 | there is no task "🌊" in this process
                    /api/try                       | 405 | this address takes POST
                    /assets/../page.css            | 404 | there is nothing here. Here are /, /metrics and /health.
                    /etc/passwd                    | 404 | there is nothing here. Here are /, /metrics and /health.
                    """)
    void shouldSayWhatIsWrongWithARequest(String path, int status, String error) throws Exception {
        // When
        Answer response = get(path);

        // Then
        assertThat(response.status()).isEqualTo(status);
        assertThat(json(response).at("/error").asText()).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9404, 200", "localhost, 200", "LOCALHOST:1, 200", "[::1]:9404, 200",
        "evil.example, 403", "evil.example:9404, 403", "127.0.0.1.evil.example, 403", "localhost.evil.example:80, 403"
    })
    void shouldAnswerOnlyToNamesOfThisMachine(String host, int status) throws Exception {
        // When
        String answer = raw("GET /api/state HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Content-Type | text/plain       | the content type must be application/json
                    Origin       | http://evil.test | the request must come from this page
                    Origin       | null             | the request must come from this page
                    Sec-Fetch-Site | cross-site     | the request must come from this page
                    """)
    void shouldTakeASentenceOnlyFromThePageItself(String header, String value, String error) throws Exception {
        // Given
        HttpRequest.Builder request = HttpRequest.newBuilder(page.at("/api/try"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"hello\"}"))
                .setHeader(header, value);

        // When
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(Json.mapper().readTree(response.body()).at("/error").asText())
                .isEqualTo(error);
    }

    @Test
    void shouldBoundWhatItReads() throws Exception {
        assertThat(tryOut("{\"text\":\"" + "a".repeat(70_000) + "\"}").status()).isEqualTo(413);
        assertThat(json(tryOut("{\"text\":\"" + "a".repeat(101) + "\"}"))
                        .at("/error")
                        .asText())
                .isEqualTo("text has 101 characters; the task takes at most 100.");
        assertThat(json(tryOut("{\"text\":\" \"}")).at("/error").asText())
                .isEqualTo("text is empty. Write a sentence.");
        assertThat(json(tryOut("nothing")).at("/error").asText()).startsWith("the request is not JSON: ");
    }

    @Test
    void shouldSayThatThereIsNoModelYet() throws Exception {
        // When
        JsonNode answers = json(tryOut("{\"text\":\"hello\"}"));

        // Then
        assertThat(answers.at("/champion/fault").asText()).startsWith("No model is promoted yet.");
        assertThat(answers.at("/newest/fault").asText()).startsWith("There is no checkpoint yet.");
    }

    @Test
    void shouldSayThatTheFilesOfAModelAreGone() throws Exception {
        // Given
        page.view()
                .fold(
                        PageEvents.TASK,
                        fold -> fold.modelUpdate(PageEvents.update(Verdict.PROMOTED, 10), PageEvents.at(1)));

        // When
        JsonNode answers = json(tryOut("{\"text\":\"hello\"}"));

        // Then
        assertThat(answers.at("/champion/fault").asText()).contains("the files of checkpoint-000010 are gone");
        assertThat(answers.at("/champion/step").asLong()).isEqualTo(10);
    }

    private Answer tryOut(String body) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(page.at("/api/try"))
                        .header("Content-Type", "application/json")
                        .header("Origin", "http://127.0.0.1:" + page.port())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), "", response.body());
    }

    private Answer get(String path) throws IOException {
        // Raw, because URI.create refuses what a broken client may send.
        return Answer.of(raw("GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"));
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private static JsonNode json(Answer response) throws IOException {
        return Json.mapper().readTree(response.body());
    }
}
