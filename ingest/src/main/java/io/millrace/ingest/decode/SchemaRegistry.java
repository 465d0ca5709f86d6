package io.millrace.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.SecretText;
import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The schemas of a registry that speaks Confluent's REST API, by id; shared by all threads. A schema is asked for once, since
 * registries never change one.
 *
 * <p>Only the registry itself can deny a schema: with status 404 and the code 40403, as Confluent's, Apicurio's and Karapace do.
 * Anything else that is no schema, even another 404, means that it could not be asked; {@link RegistryHttp} then asks again.
 */
public final class SchemaRegistry implements AutoCloseable {

    private static final int SCHEMA_NOT_FOUND = 40_403;

    /** A registry keeps what others refer to. */
    private static final int NEVER_DENIED = -1;

    private static final int MAX_DENIED = 1000;
    private static final int MAX_REFERENCES = 200;

    /** A registry can learn a schema later; then its records are accepted after this time. */
    private static final Duration DENIED_FOR = Duration.ofMinutes(1);

    private final RegistryHttp http;
    private final Map<Integer, RegisteredSchema> schemas = new ConcurrentHashMap<>();
    private final Map<Integer, Long> deniedAtNanos = new ConcurrentHashMap<>();

    /**
     * A client; nothing is asked yet.
     *
     * @param config where it is
     * @param credentials its credentials, resolved; null if it needs none
     */
    SchemaRegistry(RegistryConfig config, @Nullable String credentials) {
        this.http = new RegistryHttp(config, credentials);
    }

    /** A client of the registry of the configuration; its credentials are read now. */
    public static SchemaRegistry of(RegistryConfig config) {
        return new SchemaRegistry(
                config,
                config.credentials().isEmpty()
                        ? null
                        : SecretText.read("ingest.registry.credentials", config.credentials()));
    }

    /**
     * Checks that it answers as a schema registry does.
     *
     * @throws IllegalStateException with the reason if it does not
     */
    public void check() {
        http.check();
    }

    RegisteredSchema schema(int id) throws UndecodableException {
        RegisteredSchema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        if (isDenied(id)) {
            throw denied(id);
        }
        RegistryHttp.Answer answer = http.get("/schemas/ids/" + id, SCHEMA_NOT_FOUND);
        if (answer.denied()) {
            if (deniedAtNanos.size() >= MAX_DENIED) {
                deniedAtNanos.clear();
            }
            deniedAtNanos.put(id, System.nanoTime());
            throw denied(id);
        }
        JsonNode body = answer.body();
        Map<String, String> references = new LinkedHashMap<>();
        collect(id, body, references, 0);
        RegisteredSchema schema = new RegisteredSchema(body.path("schemaType").asText("AVRO"), text(body), references);
        schemas.put(id, schema);
        return schema;
    }

    /** Adds what {@code schema} refers to, the deepest first. */
    private void collect(int id, JsonNode schema, Map<String, String> references, int depth)
            throws UndecodableException {
        for (JsonNode reference : schema.path("references")) {
            String name = reference.path("name").asText();
            if (references.containsKey(name)) {
                continue;
            }
            if (depth >= Json.MAX_NESTING_DEPTH || references.size() >= MAX_REFERENCES) {
                throw new UndecodableException(
                        RejectionReason.UNKNOWN_SCHEMA,
                        "schema " + id + ": expected at most " + MAX_REFERENCES + " references, "
                                + Json.MAX_NESTING_DEPTH + " deep, got more");
            }
            RegistryHttp.Answer answer = http.get(
                    "/subjects/"
                            + URLEncoder.encode(reference.path("subject").asText(), StandardCharsets.UTF_8)
                                    .replace("+", "%20")
                            + "/versions/"
                            + reference.path("version").asInt(),
                    NEVER_DENIED);
            collect(id, answer.body(), references, depth + 1);
            references.put(name, text(answer.body()));
        }
    }

    private static String text(JsonNode schema) {
        return schema.path("schema").asText();
    }

    private boolean isDenied(int id) {
        Long at = deniedAtNanos.get(id);
        return at != null && System.nanoTime() - at < DENIED_FOR.toNanos();
    }

    private static UndecodableException denied(int id) {
        return new UndecodableException(
                RejectionReason.UNKNOWN_SCHEMA,
                "schema id: expected one that the schema registry has, got " + Integer.toUnsignedString(id)
                        + ", which it does not");
    }

    /** Ends waiting for the registry. */
    @Override
    public void close() {
        http.close();
    }
}
