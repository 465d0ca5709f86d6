package io.millrace.schemas.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The one JSON dialect of the wire: absent instead of null, ISO-8601 instants, unknown properties ignored on reading
 * (so that an older reader survives a newer writer), nesting bounded.
 */
public final class Json {

    /** Deepest nesting that a record may have; no record of ours needs more than four. */
    public static final int MAX_NESTING_DEPTH = 32;

    private static final int MAX_FAULT_CHARS = 400;

    private static final ObjectMapper MAPPER = JsonMapper.builder(new Utf8JsonFactory(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING_DEPTH)
                    .build()))
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private Json() {}

    /** The shared mapper. It is thread-safe; do not configure it. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** Why JSON could not be read: one line, with the place of the fault and little of the JSON. */
    public static String fault(IOException e) {
        return LogSafe.line(String.valueOf(wholeFault(e)), MAX_FAULT_CHARS);
    }

    private static @Nullable String wholeFault(IOException e) {
        if (e instanceof JsonMappingException mapping) {
            @Nullable
            String reason = mapping instanceof ValueInstantiationException && mapping.getCause() != null
                    ? mapping.getCause().getMessage()
                    : mapping.getOriginalMessage();
            return mapping.getPath().isEmpty() ? reason : reason + ", at " + place(mapping.getPath());
        }
        return e instanceof JsonProcessingException parsing ? parsing.getOriginalMessage() : e.getMessage();
    }

    private static String place(List<JsonMappingException.Reference> path) {
        return path.stream()
                .map(step -> step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    /** Writes {@code value} as one line of JSON, without a line break. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "cannot write " + value.getClass().getSimpleName() + " as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
