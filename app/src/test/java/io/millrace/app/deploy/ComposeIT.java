package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code docker compose --profile demo up}, from nothing to a Prometheus that has every figure of a running stream. Grafana is left out:
 * it only shows them. Needs a container engine with Compose and the base images, and says so when there is none.
 */
@Tag("docker")
class ComposeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(6);

    /** What a filled dashboard needs, each above 0. */
    private static final Map<String, String> FIGURES = Map.of(
            "three services are scraped", "sum(up) == 3",
            "examples are accepted", "sum(millrace_ingest_accepted_total)",
            "examples are trained", "sum(millrace_trainer_examples_total{outcome=\"trained\"})",
            "test-then-train accuracy", "max(millrace_trainer_prequential_accuracy)",
            "a checkpoint is announced", "sum(millrace_trainer_checkpoints_total)",
            "a model is promoted", "sum(millrace_evaluator_checkpoints_total{verdict=\"promoted\"})",
            "three probe sets have scores", "count(millrace_evaluator_score{score=\"accuracy\"} > 0) == 3");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldFillPrometheusWithNothingElseToDo() throws Exception {
        // Given
        Optional<ComposeProject> found = ComposeProject.find();
        if (found.isEmpty()) {
            System.out.println(
                    "SKIPPED: no container engine with Compose was found, so docker-compose.yml was not run.");
        }
        assumeTrue(found.isPresent(), "no container engine with Compose was found");
        try (ComposeProject project = found.get().with("MILLRACE_DEMO_RATE", "100")) {
            project.buildImage();

            // When
            long upNanos = System.nanoTime();
            project.up("kafka", "ingest", "trainer", "evaluator", "prometheus", "demo");

            // Then
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> FIGURES.forEach((meaning, query) ->
                            assertThat(value(project, query)).as(meaning).isGreaterThan(0)));
            System.out.printf(
                    "compose up to a filled Prometheus: %d s%n",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - upNanos));
            project.stop();
            for (String service : List.of("ingest", "trainer", "evaluator", "demo")) {
                assertThat(project.exitCode(service)).as(service).isZero();
            }
        }
    }

    /** The value of a query with one result; NaN for none. */
    private double value(ComposeProject project, String query) {
        try {
            URI address = URI.create("http://127.0.0.1:" + project.prometheusPort() + "/api/v1/query?query="
                    + URLEncoder.encode(query, StandardCharsets.UTF_8));
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
            JsonNode value = new ObjectMapper().readTree(answer.body()).at("/data/result/0/value/1");
            return value.isMissingNode() ? Double.NaN : Double.parseDouble(value.asText());
        } catch (IOException e) {
            throw new AssertionError("Prometheus does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
