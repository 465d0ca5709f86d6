package io.millrace.app.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.app.config.MetricsConfig;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Offers {@code /metrics} to Prometheus, {@code /health}, which is 200 while the process works and 503 otherwise, and the page of the
 * process to browsers. A task that could not be opened does not end the process; {@code /health} names it.
 */
public final class MetricsEndpoint implements AutoCloseable {

    private static final String METRICS = "/metrics";
    private static final String HEALTH = "/health";
    private static final String FAILED = "millrace.trainer.failed";

    /** More than the sentences that the page lets wait, so that Prometheus is always answered. */
    private static final int THREADS = 10;

    /** So many further ports are tried where any will do. */
    private static final int MORE_PORTS = 20;

    private final HttpServer server;
    private final ExecutorService threads;
    private final String host;
    private final boolean hasPage;

    /**
     * What is served.
     *
     * @param registry the meters
     * @param healthy asked at every request of {@code /health}
     * @param page answers all other requests
     */
    public record Served(PrometheusMeterRegistry registry, BooleanSupplier healthy, HttpHandler page) {}

    private MetricsEndpoint(HttpServer server, MetricsConfig config, Served served) {
        this.server = server;
        host = config.host();
        hasPage = config.servesPage();
        threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "metrics-endpoint");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext(METRICS, new MetricsHandler(served.registry().getPrometheusRegistry()));
        server.createContext(HEALTH, exchange -> health(exchange, served));
        server.createContext("/", hasPage ? served.page() : MetricsEndpoint::nothing);
        server.start();
    }

    /**
     * Starts to listen on the configured port.
     *
     * @throws IllegalStateException if that is impossible; the message says what to do
     */
    public static MetricsEndpoint start(MetricsConfig config, Served served) {
        try {
            return bind(config, served);
        } catch (IOException e) {
            throw refusal(config, e);
        }
    }

    /** Starts to listen on the configured port, or on the first free one of the {@value #MORE_PORTS} after it if it is in use. */
    public static MetricsEndpoint startNear(MetricsConfig config, Served served) {
        for (int more = 0; more < MORE_PORTS; more++) {
            try {
                return bind(config.withPort(config.listenPort() + more), served);
            } catch (BindException e) {
                // The next one may be free.
            } catch (IOException e) {
                throw refusal(config, e);
            }
        }
        return start(config, served);
    }

    private static MetricsEndpoint bind(MetricsConfig config, Served served) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(config.host(), config.listenPort()), 0);
        return new MetricsEndpoint(server, config, served);
    }

    private static IllegalStateException refusal(MetricsConfig config, IOException e) {
        boolean inUse =
                e instanceof BindException && String.valueOf(e.getMessage()).contains("in use");
        return new IllegalStateException(
                "cannot offer metrics on " + config.host() + ":" + config.listenPort() + ": "
                        + (inUse ? "the port is in use, perhaps by another Millrace" : e.getMessage())
                        + ". Choose another port with --metrics-port or metrics.port; 0 takes any free one.",
                e);
    }

    /** The address of the metrics, as {@code http://127.0.0.1:9404/metrics}. */
    public String address() {
        return root() + METRICS.substring(1);
    }

    /** The address of the page, as {@code http://127.0.0.1:9404/}; empty if it is not served. */
    public Optional<String> page() {
        return hasPage ? Optional.of(root()) : Optional.empty();
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private String root() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void nothing(HttpExchange exchange) throws IOException {
        respond(
                exchange,
                404,
                "Here are " + METRICS + " and " + HEALTH
                        + ". metrics.page of the configuration decides whether there is a page.\n");
    }

    private static void health(HttpExchange exchange, Served served) throws IOException {
        if (!served.healthy().getAsBoolean()) {
            respond(exchange, 503, "a service has ended, see the log\n");
            return;
        }
        String failed = failedTasks(served.registry());
        respond(
                exchange,
                200,
                failed.isEmpty() ? "alive\n" : "alive, but these tasks are not trained, see the log: " + failed + "\n");
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
