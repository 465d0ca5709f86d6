package io.millrace.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.json.Json;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The keys of a record as JSON, with the type of each value; a question mark after a key says that it may be absent. */
final class JsonShape {

    private static final String INDENT = "  ";

    private JsonShape() {}

    static String of(Class<?> type) {
        return object(type, "");
    }

    private static String object(Class<?> type, String indent) {
        List<String> lines = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            AnnotatedType annotated = component.getAnnotatedType();
            lines.add(indent + INDENT + "\"" + component.getName() + (isOptional(annotated) ? "?" : "") + "\": "
                    + value(annotated.getType(), annotated, indent + INDENT));
        }
        return "{\n" + String.join(",\n", lines) + "\n" + indent + "}";
    }

    private static boolean isOptional(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static String value(Type type, AnnotatedType annotated, String indent) {
        if (type instanceof ParameterizedType generic) {
            AnnotatedType last = last(annotated);
            String element = value(last.getType(), last, indent);
            if (generic.getRawType() == List.class) {
                return "[" + element + "]";
            }
            if (generic.getRawType() == Map.class) {
                return "{\"...\": " + element + "}";
            }
            throw new IllegalArgumentException("no JSON is known for " + type);
        }
        return simple((Class<?>) type, indent);
    }

    private static AnnotatedType last(AnnotatedType generic) {
        AnnotatedType[] arguments = ((AnnotatedParameterizedType) generic).getAnnotatedActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    private static String simple(Class<?> type, String indent) {
        if (type.isRecord()) {
            // What is a record on a topic has its own schema.
            return isOnATopic(type) ? "see " + schema(type) : object(type, indent);
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(Json::write).collect(Collectors.joining(" or "));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Instant.class) {
            return "time";
        }
        if (type == JsonNode.class) {
            return "any JSON";
        }
        if (type == String.class || type == Path.class) {
            return "text";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return type == double.class || type == Double.class || type == Float.class ? "number" : "whole number";
        }
        throw new IllegalArgumentException("no JSON is known for " + type);
    }

    private static boolean isOnATopic(Class<?> type) {
        return type.getSimpleName().equals("ModelUpdate");
    }

    private static String schema(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT) + ".schema.json";
    }
}
