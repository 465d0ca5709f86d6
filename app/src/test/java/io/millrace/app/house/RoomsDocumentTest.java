package io.millrace.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table of rooms in {@code docs/design.md} has every package of every module, each once. */
class RoomsDocumentTest {

    private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
    private static final List<String> MODULES =
            List.of("schemas", "encoder", "ingest", "trainer", "evaluator", "compare", "app");

    /** A row: the module, if it is its first, and its rooms. */
    private static final Pattern ROW =
            Pattern.compile("^\\| (?:`(\\w+)` )?\\| (root|`[\\w.`, ]+`) \\|", Pattern.MULTILINE);

    @Test
    void shouldHaveEveryPackageOnce() throws IOException {
        // Given
        List<String> packages = new ArrayList<>();
        for (String module : MODULES) {
            packages.addAll(packages(module));
        }

        // When
        List<String> rooms = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/design.md")));
        String module = "";
        while (row.find()) {
            module = row.group(1) == null ? module : row.group(1);
            if (!row.group(2).equals("root")) {
                for (String room : row.group(2).replace("`", "").split(", ", -1)) {
                    rooms.add(module + "." + room);
                }
            }
        }

        // Then
        assertThat(rooms).containsExactlyInAnyOrderElementsOf(packages);
    }

    private static List<String> packages(String module) throws IOException {
        Path root = ROOT.resolve(module).resolve("src/main/java/io/millrace").resolve(module);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
                    .filter(room -> !room.isEmpty())
                    .map(room -> module + "." + room)
                    .toList();
        }
    }
}
