package io.millrace.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tags;
import io.millrace.app.config.MetricsConfig;
import io.millrace.app.config.PageAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;

class MetricsEndpointTest {

    private final ProcessMetrics metrics = new ProcessMetrics("ingest");
    private final AtomicBoolean healthy = new AtomicBoolean(true);
    private MetricsEndpoint endpoint;

    @BeforeEach
    void start() {
        endpoint = MetricsEndpoint.start(config(0, PageAccess.NEVER), served());
    }

    @AfterEach
    void stop() {
        endpoint.close();
        metrics.close();
    }

    @Test
    void shouldListenOnLoopbackByDefault() {
        assertThat(endpoint.address()).matches("http://127\\.0\\.0\\.1:\\d+/metrics");
    }

    @Test
    void shouldOfferTheMetersOfTheProcessWithItsService() throws Exception {
        // Given
        metrics.registry().counter("millrace.ingest.received", "task", "intent").increment(3);

        // When
        String scraped = get("/metrics").body();

        // Then
        assertThat(scraped)
                .contains("millrace_ingest_received_total{service=\"ingest\",task=\"intent\"} 3.0")
                .contains("jvm_memory_used_bytes", "jvm_gc_", "jvm_threads_live_threads", "process_uptime_seconds");
    }

    @Test
    void shouldBeHealthyOnlyWhileTheServiceLives() throws Exception {
        // Given
        int before = get("/health").statusCode();

        // When
        healthy.set(false);

        // Then
        assertThat(before).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(503);
    }

    @Test
    void shouldNameTheTasksThatAreNotTrained() throws Exception {
        // Given
        metrics.registry().gauge("millrace.trainer.failed", Tags.of("task", "good"), 0);
        metrics.registry().gauge("millrace.trainer.failed", Tags.of("task", "bad"), 1);

        // When
        HttpResponse<String> response = get("/health");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("alive, but these tasks are not trained, see the log: bad\n");
    }

    @Test
    void shouldSayWhatIsThere() throws Exception {
        // When
        HttpResponse<String> response = get("/");

        // Then
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("/metrics", "/health");
    }

    @Test
    void shouldNameTheOptionWhenThePortIsTaken() {
        // Given
        int taken = URI.create(endpoint.address()).getPort();

        // When
        var thrown = assertThatThrownBy(() -> MetricsEndpoint.start(config(taken, PageAccess.NEVER), served()));

        // Then
        thrown.hasMessageStartingWith("cannot offer metrics on 127.0.0.1:" + taken)
                .hasMessageContaining("--metrics-port");
    }

    @Test
    void shouldTakeTheNextFreePortWhereAnyWillDo() {
        // Given
        int taken = URI.create(endpoint.address()).getPort();

        // When
        try (MetricsEndpoint second = MetricsEndpoint.startNear(config(taken, PageAccess.LOOPBACK), served())) {

            // Then
            assertThat(second.port()).isGreaterThan(taken);
            assertThat(second.page()).contains("http://127.0.0.1:" + second.port() + "/");
        }
    }

    @Test
    void shouldServeThePageOnLoopbackAlone() {
        assertThat(config(0, PageAccess.LOOPBACK).servesPage()).isTrue();
        assertThat(new MetricsConfig("0.0.0.0", 0, PageAccess.LOOPBACK).servesPage())
                .isFalse();
        assertThat(new MetricsConfig("0.0.0.0", 0, PageAccess.ALWAYS).servesPage())
                .isTrue();
        assertThat(endpoint.page()).isEmpty();
    }

    @Test
    void shouldGiveEachServiceAPortOfItsOwn() {
        // Given
        MetricsConfig config = new MetricsConfig(null, null, null);

        // Then
        assertThat(config.of("ingest").port()).isEqualTo(9404);
        assertThat(config.of("trainer").port()).isEqualTo(9405);
        assertThat(config.of("evaluator").port()).isEqualTo(9406);
        assertThat(config(1234, PageAccess.LOOPBACK).of("trainer").port()).isEqualTo(1234);
    }

    private static MetricsConfig config(int port, PageAccess page) {
        return new MetricsConfig(null, port, page);
    }

    private MetricsEndpoint.Served served() {
        return new MetricsEndpoint.Served(metrics.registry(), healthy::get, exchange -> exchange.close());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI address = URI.create(endpoint.address()).resolve(path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }
}
