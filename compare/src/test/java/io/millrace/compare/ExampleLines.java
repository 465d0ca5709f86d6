package io.millrace.compare;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files of examples. */
final class ExampleLines {

    private ExampleLines() {}

    static LabelledExample example(String id, String text, String label) {
        return new LabelledExample(id, text, null, label, null, null, null);
    }

    /** Examples given as {@code text=label}, or {@code text} alone, with ids from 0 on. */
    static List<LabelledExample> examples(String... lines) {
        return IntStream.range(0, lines.length)
                .mapToObj(i -> {
                    String[] parts = lines[i].split("=", 2);
                    return example(Integer.toString(i), parts[0], parts.length == 1 ? null : parts[1]);
                })
                .toList();
    }

    static Path write(Path file, String... lines) throws IOException {
        return Files.writeString(
                file, examples(lines).stream().map(Json::write).collect(Collectors.joining("\n", "", "\n")));
    }
}
