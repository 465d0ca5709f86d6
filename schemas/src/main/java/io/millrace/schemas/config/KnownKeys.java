package io.millrace.schemas.config;

import com.fasterxml.jackson.databind.JsonNode;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds unknown keys before anything is read: so a misspelt key is reported, rather than that the right one is missing.
 */
final class KnownKeys {

    private KnownKeys() {}

    /**
     * The fault of the first unknown key, if there is one.
     *
     * @param type the record that {@code node} will become
     */
    static Optional<String> problem(JsonNode node, Class<?> type) {
        return inRecord("", node, type);
    }

    private static Optional<String> inRecord(String prefix, JsonNode node, Class<?> type) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = prefix + entry.getKey();
            Optional<RecordComponent> component = Stream.of(type.getRecordComponents())
                    .filter(known -> known.getName().equals(entry.getKey()))
                    .findFirst();
            Optional<String> problem = component.isEmpty()
                    ? Optional.of("unknown key " + key + ". Known keys there: " + names(type) + ".")
                    : inValue(key, entry.getValue(), component.get().getGenericType());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> inValue(String key, JsonNode value, Type type) {
        if (type instanceof Class<?> simple && simple.isRecord()) {
            return inRecord(key + ".", value, simple);
        }
        if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
            Type element = map.getActualTypeArguments()[1];
            return value.properties().stream()
                    .map(entry -> inValue(key + "." + entry.getKey(), entry.getValue(), element))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return Optional.empty();
    }

    private static String names(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
