package io.millrace.ingest.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a schema registry, again and again until it answers. The time counts from the first question without an answer, whoever
 * asks: a stream thread that is replaced meanwhile does not start it anew.
 */
final class RegistryHttp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryHttp.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5000;
    private static final int MAX_FAULT_CHARS = 200;

    private final String url;
    private final Duration patience;
    private final @Nullable String authorization;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Guarded by this, as is the next. Made when it is needed, because it has a thread. */
    private @Nullable HttpClient client;

    private @Nullable Long awaySinceNanos;

    /**
     * What the registry says.
     *
     * @param body the JSON that it has sent
     * @param denied whether it says that there is no such thing
     */
    record Answer(JsonNode body, boolean denied) {}

    RegistryHttp(RegistryConfig config, @Nullable String credentials) {
        this.url = config.url().replaceFirst("/+$", "");
        this.patience = config.patience();
        this.authorization = credentials == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Asks once. */
    void check() {
        try {
            HttpResponse<String> response = send("/schemas/types");
            if (response.statusCode() != 200
                    || !Json.mapper().readTree(response.body()).isArray()) {
                throw new IllegalStateException(away("it answers " + response.statusCode() + " to /schemas/types"));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(away("it does not answer with JSON"), e);
        } catch (IOException e) {
            throw new IllegalStateException(away(reason(e)), e);
        }
    }

    /**
     * Asks for a resource.
     *
     * @param path its path below the registry's address
     * @param denial the error code with which the registry says that it has no such thing
     * @throws RegistryAwayException if there is no answer for as long as {@link RegistryConfig#patience()}
     */
    Answer get(String path, int denial) {
        for (long pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
            String fault;
            try {
                HttpResponse<String> response = send(path);
                JsonNode body = Json.mapper().readTree(response.body());
                boolean denied =
                        response.statusCode() == 404 && body.path("error_code").asInt() == denial;
                if (denied
                        || (response.statusCode() == 200 && body.path("schema").isTextual())) {
                    answered();
                    return new Answer(body, denied);
                }
                fault = "it answers " + response.statusCode() + " to " + path;
            } catch (JsonProcessingException e) {
                fault = "it does not answer with JSON to " + path;
            } catch (IOException e) {
                fault = reason(e);
            }
            waitOrGiveUp(fault, pause);
        }
    }

    private HttpResponse<String> send(String path) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            return client().send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryAwayException("ingest was interrupted while it asked the schema registry", e);
        }
    }

    private synchronized HttpClient client() {
        HttpClient open = client;
        if (open == null) {
            open = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
            client = open;
        }
        return open;
    }

    private synchronized void answered() {
        if (awaySinceNanos != null) {
            LOG.info("the schema registry {} answers again", url);
            awaySinceNanos = null;
        }
    }

    private void waitOrGiveUp(String fault, long pauseMs) {
        Duration away = awayFor(fault);
        if (away.compareTo(patience) > 0) {
            throw new RegistryAwayException(
                    away(fault) + " Nothing was rejected for it: ingest stops after ingest.registry.patience "
                            + patience + ", and a restart reads the same records again.",
                    null);
        }
        try {
            if (closed.await(pauseMs, TimeUnit.MILLISECONDS)) {
                throw new RegistryAwayException("ingest was closed while it waited for the schema registry", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryAwayException("ingest was interrupted while it waited for the schema registry", e);
        }
    }

    private synchronized Duration awayFor(String fault) {
        long now = System.nanoTime();
        if (awaySinceNanos == null) {
            LOG.warn("{} Ingest waits for it for {}.", away(fault), patience);
            awaySinceNanos = now;
        }
        return Duration.ofNanos(now - awaySinceNanos);
    }

    private String away(String fault) {
        return "the schema registry " + url + " cannot be asked: " + fault
                + ". Check ingest.registry.url and ingest.registry.credentials, and that it runs.";
    }

    private static String reason(IOException e) {
        String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return LogSafe.line(said, MAX_FAULT_CHARS);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
