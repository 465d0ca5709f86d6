package io.millrace.schemas;

import io.millrace.schemas.kafka.JsonSerde;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of golden bytes, found in its folder {@code vN/RECORD}.
 *
 * @param version when a record could first look like this
 * @param type the class that reads it today
 * @param file where it lies
 */
record Golden(int version, Class<? extends Record> type, Path file) {

    private static final Path DIRECTORY = Path.of("src/test/resources/golden");

    private static final Map<String, Class<? extends Record>> TYPES = WireExamples.all()
            .map(example -> example.value().getClass())
            .distinct()
            .collect(Collectors.toMap(WireExample::nameOf, type -> type));

    /** Every file of every version. */
    static List<Golden> all() {
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            return files.filter(Files::isRegularFile)
                    .map(Golden::of)
                    .sorted(Comparator.comparing(Golden::file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + DIRECTORY + ": " + e.getMessage(), e);
        }
    }

    private static Golden of(Path file) {
        Path parts = DIRECTORY.relativize(file);
        Class<? extends Record> type = TYPES.get(parts.getName(1).toString());
        if (type == null) {
            throw new IllegalArgumentException(
                    file + " must lie in a folder vN/RECORD, with one of the records " + TYPES.keySet());
        }
        return new Golden(Integer.parseInt(parts.getName(0).toString().substring(1)), type, file);
    }

    String name() {
        return WireExample.nameOf(type);
    }

    byte[] bytes() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** {@code json} as its class reads it from a topic. */
    Record read(byte[] json) {
        return new JsonSerde<>(type).deserializer().deserialize("a-topic", json);
    }

    @Override
    public String toString() {
        return DIRECTORY.relativize(file).toString();
    }
}
