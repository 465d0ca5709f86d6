package io.millrace.app.metrics;

import com.sun.net.httpserver.HttpExchange;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.app.config.MetricsConfig;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Offers {@code /metrics} to Prometheus, and {@code /health}: 200 while the process works, 503 otherwise. A task that could
 * not be opened does not end the process; {@code /health} names it.
 */
public final class MetricsEndpoint implements AutoCloseable {

    private static final String METRICS = "/metrics";
    private static final String HEALTH = "/health";
    private static final String FAILED = "millrace.trainer.failed";

    private final HTTPServer server;
    private final String host;

    private MetricsEndpoint(HTTPServer server, String host) {
        this.server = server;
        this.host = host;
    }

    /**
     * Starts to listen.
     *
     * @param healthy asked at every request of {@code /health}
     */
    public static MetricsEndpoint start(
            MetricsConfig config, PrometheusMeterRegistry registry, BooleanSupplier healthy) {
        try {
            HTTPServer server = HTTPServer.builder()
                    .hostname(config.host())
                    .port(config.port())
                    .registry(registry.getPrometheusRegistry())
                    .metricsHandlerPath(METRICS)
                    .registerHealthHandler(false)
                    .defaultHandler(exchange -> answer(exchange, registry, healthy))
                    .buildAndStart();
            return new MetricsEndpoint(server, config.host());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot offer metrics on " + config.host() + ":" + config.port() + ": " + e.getMessage()
                            + ". Choose another port with --metrics-port or metrics.port; 0 takes any free one.",
                    e);
        }
    }

    /** The address of the metrics, as {@code http://127.0.0.1:9404/metrics}. */
    public String address() {
        return "http://" + host + ":" + server.getPort() + METRICS;
    }

    @Override
    public void close() {
        server.close();
    }

    private static void answer(HttpExchange exchange, MeterRegistry registry, BooleanSupplier healthy)
            throws IOException {
        if (!exchange.getRequestURI().getPath().equals(HEALTH)) {
            respond(exchange, 404, "Here are " + METRICS + " and " + HEALTH + ".\n");
        } else if (healthy.getAsBoolean()) {
            String failed = failedTasks(registry);
            respond(
                    exchange,
                    200,
                    failed.isEmpty()
                            ? "alive\n"
                            : "alive, but these tasks are not trained, see the log: " + failed + "\n");
        } else {
            respond(exchange, 503, "a service has ended, see the log\n");
        }
    }

    private static String failedTasks(MeterRegistry registry) {
        return registry.find(FAILED).gauges().stream()
                .filter(gauge -> gauge.value() == 1)
                .map(gauge -> gauge.getId().getTag("task"))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
