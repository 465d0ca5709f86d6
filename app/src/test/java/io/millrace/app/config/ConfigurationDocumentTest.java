package io.millrace.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ingest.source.DelayedLabels;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.ingest.source.SourceFields;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Holds docs/configuration.md and the configuration records together, and so pins every default. */
class ConfigurationDocumentTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final String TASK = "intent";
    private static final List<String> REQUIRED = List.of(
            "tasks.NAME.labels",
            "tasks.NAME.training.encoder",
            "sources.NAME.topic",
            "sources.NAME.fields.text",
            "sources.NAME.labels.topic",
            "sources.NAME.labels.label");

    /** Keys that exclude each other, so that no single file has all at their defaults. */
    private static final DelayedLabels DELAYED = new DelayedLabels("labels", null, null, "/label", null);

    private static final SourceFields FIELDS = new SourceFields(null, null, "/text", null, "/label", null);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static final Map<String, Key> KEYS = new TreeMap<>();
    private static final Map<String, Row> ROWS = new TreeMap<>();

    private record Key(Type type, Object byDefault) {}

    private record Row(String type, String byDefault, String meaning) {}

    @BeforeAll
    static void readBoth() throws Exception {
        Path file = folder.resolve("minimal.yaml");
        Files.writeString(file, "tasks: {intent: {labels: [a, b], training: {encoder: encoder}}}");
        collect("", MillraceConfig.read(file));
        collect("sources.NAME.", new SourceConfig("topic", null, null, FIELDS, null, null));
        KEYS.put("sources.NAME.fields.label", new Key(String.class, ""));
        Path document = Path.of(System.getProperty("millrace.root"), "docs", "configuration.md");
        ROW.matcher(Files.readString(document)).results().forEach(row -> ROWS.put(row.group(1), row(row)));
    }

    @Test
    void shouldDocumentEveryKeyAndNoOther() {
        assertThat(ROWS.keySet()).containsExactlyElementsOf(KEYS.keySet());
    }

    @Test
    void shouldStateTheRealTypeOfEveryKey() {
        assertThat(ROWS).allSatisfy((key, row) -> assertThat(row.type())
                .isEqualTo(typeWords(KEYS.get(key).type())));
    }

    @Test
    void shouldStateTheRealDefaultOfEveryKey() {
        assertThat(ROWS).allSatisfy((key, row) -> assertThat(row.byDefault()).isEqualTo(defaultWords(key)));
    }

    @Test
    void shouldSayWhatEveryKeyMeans() {
        assertThat(ROWS).allSatisfy((key, row) -> assertThat(row.meaning()).endsWith("."));
    }

    private static Row row(MatchResult row) {
        return new Row(row.group(2), row.group(3), row.group(4));
    }

    private static void collect(String prefix, Object config) throws ReflectiveOperationException {
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(config);
            String key = prefix + component.getName();
            if (component.getType() == DelayedLabels.class) {
                collect(key + ".", DELAYED);
            } else if (component.getType().isRecord()) {
                collect(key + ".", value);
            } else if (key.equals("tasks")) {
                collect(key + ".NAME.", ((Map<?, ?>) value).get(TASK));
            } else if (!key.equals("sources")) {
                KEYS.put(key, new Key(component.getGenericType(), value));
            }
        }
    }

    private static String typeWords(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            Type element = parameterized.getActualTypeArguments()[parameterized.getActualTypeArguments().length - 1];
            boolean list = Collection.class.isAssignableFrom((Class<?>) parameterized.getRawType());
            return (list ? "list of " : "map of ") + typeWords(element) + "s";
        }
        Class<?> simple = (Class<?>) type;
        if (simple.isEnum()) {
            List<String> names = Arrays.stream(simple.getEnumConstants())
                    .map(constant -> "`" + MAPPER.convertValue(constant, String.class) + "`")
                    .toList();
            return names.stream().limit(names.size() - 1L).collect(Collectors.joining(", ")) + " or "
                    + names.get(names.size() - 1);
        }
        return Map.of(
                        String.class, "text",
                        Integer.class, "whole number",
                        Long.class, "whole number",
                        Double.class, "number",
                        Path.class, "path",
                        Duration.class, "duration")
                .get(simple);
    }

    private static String defaultWords(String key) {
        if (REQUIRED.contains(key)) {
            return "required";
        }
        Object value = KEYS.get(key).byDefault();
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? "none" : map.toString();
        }
        if (value == null || "".equals(value)) {
            return "none";
        }
        return "`" + valueWords(value) + "`";
    }

    private static String valueWords(Object value) {
        if (value instanceof Double number) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
        if (value instanceof Path path) {
            return folder.toAbsolutePath().relativize(path).toString();
        }
        return value instanceof Enum<?> constant ? MAPPER.convertValue(constant, String.class) : value.toString();
    }
}
