package io.millrace.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A schema registry over HTTP with the paths and the bodies of Confluent's REST API. Its answers are those of Apicurio 3.0.9. */
public final class StubRegistry implements AutoCloseable {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final HttpServer server;
    private final Map<String, Map<String, Object>> resources = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile int failureStatus = 503;

    /** What a schema refers to, as the registry names it. */
    public record Reference(String name, String subject, int version) {}

    public StubRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    public RegistryConfig config() {
        return config(Duration.ofSeconds(5));
    }

    RegistryConfig config(Duration patience) {
        return new RegistryConfig("http://localhost:" + server.getAddress().getPort() + "/", "", patience);
    }

    /** Registers a schema with this id. */
    public void add(int id, String type, String schema, Reference... references) {
        resources.put(
                "/schemas/ids/" + id, Map.of("schema", schema, "schemaType", type, "references", List.of(references)));
    }

    /** Registers what a reference leads to. */
    void addVersion(String subject, int version, String schema, Reference... references) {
        resources.put(
                "/subjects/" + subject + "/versions/" + version,
                Map.of("schema", schema, "references", List.of(references)));
    }

    /** Answers the next questions with this status. */
    public void fail(int times, int status) {
        failureStatus = status;
        failures.set(times);
    }

    List<String> asked() {
        return asked;
    }

    List<String> authorizations() {
        return authorizations;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        authorizations.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            send(exchange, failureStatus, "<html>no registry here</html>");
        } else if (path.equals("/schemas/types")) {
            send(exchange, OK, "[\"JSON\",\"PROTOBUF\",\"AVRO\"]");
        } else if (resources.containsKey(path)) {
            send(exchange, OK, Json.write(resources.get(path)));
        } else {
            send(exchange, NOT_FOUND, "{\"message\":\"No content was found.\",\"error_code\":40403}");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
