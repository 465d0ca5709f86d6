package io.millrace.schemas.config;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says in one line what Jackson found wrong: {@code key must be X, got Y}. Values under {@code kafka}, and
 * credentials, are not shown, because they may hold a password.
 */
final class ConfigProblem {

    private static final int LONGEST_VALUE = 60;

    private final ObjectMapper mapper;
    private final JsonNode tree;

    ConfigProblem(ObjectMapper mapper, JsonNode tree) {
        this.mapper = mapper;
        this.tree = tree;
    }

    String describe(JsonMappingException problem) {
        if (problem instanceof ValueInstantiationException refused && refused.getCause() != null) {
            // A copy of a list or a map refuses an entry that is null with nothing but this exception.
            return refused.getCause() instanceof NullPointerException
                    ? keyOf(problem) + " must hold no entry without a value, got " + shown(valueAt(problem.getPath()))
                    : withWholeKey(
                            keyOf(problem), String.valueOf(refused.getCause().getMessage()));
        }
        if (problem instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            JsonNode value = valueAt(problem.getPath());
            return keyOf(problem) + " must be " + wanted(mismatch.getTargetType()) + ", got "
                    + (mayBeSecret(problem) ? kindOf(value) : shown(value));
        }
        return keyOf(problem) + (mayBeSecret(problem) ? " cannot be read" : ": " + problem.getOriginalMessage());
    }

    /** The kind of a value. */
    static String kindOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "a mapping of keys";
            case MISSING, NULL -> "nothing";
            case BINARY, BOOLEAN, NUMBER, POJO, STRING -> "a single value";
        };
    }

    private static boolean mayBeSecret(JsonMappingException problem) {
        String key = keyOf(problem) + ".";
        return key.startsWith("kafka.") || key.endsWith(".credentials.");
    }

    /** A value as written in the file, cut to a readable length. */
    private static String shown(JsonNode value) {
        String text = value.isMissingNode() || value.isNull() ? "nothing" : value.toString();
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
    }

    /**
     * A record names its keys from where it was written, as {@code training.seed}; the file has them deeper, as
     * {@code tasks.intent.training.seed}. The two overlap, and their union is the whole key.
     */
    static String withWholeKey(String path, String message) {
        int end = message.indexOf(' ');
        if (path.isEmpty() || end < 0) {
            return message;
        }
        String key = message.substring(0, end);
        for (int start = 0; start >= 0; start = next(path, start)) {
            String tail = path.substring(start);
            if (key.equals(tail) || key.startsWith(tail + ".")) {
                return path.substring(0, start) + message;
            }
        }
        boolean sameName = path.endsWith("." + key.substring(key.lastIndexOf('.') + 1));
        return path + (sameName ? "" : "." + key) + message.substring(end);
    }

    private static int next(String path, int start) {
        int dot = path.indexOf('.', start);
        return dot < 0 ? -1 : dot + 1;
    }

    private static String keyOf(JsonMappingException problem) {
        StringBuilder key = new StringBuilder();
        for (JsonMappingException.Reference step : problem.getPath()) {
            if (step.getFieldName() == null) {
                key.append('[').append(step.getIndex()).append(']');
            } else {
                key.append(key.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return key.toString();
    }

    private JsonNode valueAt(List<JsonMappingException.Reference> path) {
        JsonNode value = tree;
        for (JsonMappingException.Reference step : path) {
            value = step.getFieldName() == null ? value.path(step.getIndex()) : value.path(step.getFieldName());
        }
        return value;
    }

    private String wanted(Class<?> type) {
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(constant -> mapper.convertValue(constant, String.class))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (type == Double.class) {
            return "a number";
        }
        if (type == Duration.class) {
            return "an ISO-8601 duration, as PT30S";
        }
        if (type == Path.class) {
            return "a path";
        }
        if (type == String.class) {
            return "a text";
        }
        return Collection.class.isAssignableFrom(type)
                ? "a list"
                : Map.class.isAssignableFrom(type) || type.isRecord() ? "a mapping of keys" : type.getSimpleName();
    }
}
