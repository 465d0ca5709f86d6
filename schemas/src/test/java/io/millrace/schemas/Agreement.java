package io.millrace.schemas;

import io.millrace.schemas.json.Json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Walks a record and its schema side by side and collects where they differ. */
final class Agreement {

    /** What users write has no rule in its constructor, because ingest judges it; what it must have stands here. */
    private static final Map<Class<?>, Set<String>> REQUIRED_OF_USERS = Map.of(
            LabelledExample.class, Set.of("id", "text", "label"),
            UnlabelledText.class, Set.of("id", "text"),
            ProbeExample.class, Set.of("task", "probeSet", "distribution", "example"));

    private final List<String> differences = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Set<String> absent = new TreeSet<>();

    private Agreement() {}

    /** Where they differ; {@code complete} must have every optional component, in a list one of its records must. */
    static List<String> differences(Record complete, SchemaNode schema) throws ReflectiveOperationException {
        Agreement agreement = new Agreement();
        agreement.compare(complete.getClass().getSimpleName(), complete, schema);
        agreement.absent.removeAll(agreement.seen);
        agreement.absent.forEach(path -> agreement.differences.add(path + ": the record has none to compare"));
        return agreement.differences;
    }

    private void compare(String path, Object value, SchemaNode schema) throws ReflectiveOperationException {
        if (value == null) {
            absent.add(path);
            return;
        }
        seen.add(path);
        if (value instanceof Record inner) {
            compareRecord(path, inner, schema);
        } else if (value instanceof List<?> list) {
            expect(path, "array", schema.type());
            for (Object item : list) {
                compare(path + "[]", item, schema.items());
            }
        } else if (value instanceof Map<?, ?> map) {
            expect(path, "object", schema.type());
            compare(path + "{}", map.values().iterator().next(), schema.mapValues());
        } else if (value instanceof Enum<?> constant) {
            List<String> words = new ArrayList<>();
            for (Object one : constant.getDeclaringClass().getEnumConstants()) {
                words.add(Json.mapper().convertValue(one, String.class));
            }
            expect(path, "string", schema.type());
            expect(path, words, schema.allowedValues());
        } else {
            expect(path, jsonType(value), schema.type());
        }
    }

    private void compareRecord(String path, Record value, SchemaNode schema) throws ReflectiveOperationException {
        expect(path, "object", schema.type());
        RecordComponent[] components = value.getClass().getRecordComponents();
        List<String> names =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        expect(path, names, schema.propertyNames());
        expect(path + " requires", requiredOf(value), schema.required());
        for (RecordComponent component : components) {
            if (schema.propertyNames().contains(component.getName())) {
                compare(
                        path + "." + component.getName(),
                        component.getAccessor().invoke(value),
                        schema.property(component.getName()));
            }
        }
    }

    /** The components that cannot be null: primitive ones, and those that the constructor refuses to do without. */
    private static List<String> requiredOf(Record value) throws ReflectiveOperationException {
        RecordComponent[] components = value.getClass().getRecordComponents();
        Set<String> ofUsers = REQUIRED_OF_USERS.get(value.getClass());
        List<String> required = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            boolean needed = ofUsers == null
                    ? components[i].getType().isPrimitive() || refusesNull(value, components, i)
                    : ofUsers.contains(name);
            if (needed) {
                required.add(name);
            }
        }
        return required;
    }

    private static boolean refusesNull(Record value, RecordComponent[] components, int missing)
            throws ReflectiveOperationException {
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = i == missing ? null : components[i].getAccessor().invoke(value);
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = value.getClass().getDeclaredConstructor(types);
        try {
            constructor.newInstance(arguments);
            return false;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                return true;
            }
            throw e;
        }
    }

    private static String jsonType(Object value) {
        if (value instanceof String || value instanceof Instant) {
            return "string";
        }
        if (value instanceof Integer || value instanceof Long) {
            return "integer";
        }
        if (value instanceof Double) {
            return "number";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        throw new IllegalArgumentException("no JSON type is agreed on for " + value.getClass());
    }

    private void expect(String path, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            differences.add(path + ": the record has " + expected + ", the schema has " + actual);
        }
    }
}
