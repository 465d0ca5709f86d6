package io.millrace.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every link in the documents leads somewhere in the repository, and the README lists every page. */
class DocumentLinksTest {

    private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
    private static final Pattern CODE_BLOCK =
            Pattern.compile("^```.*?^```$|^ {4}[^\\n]*$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);

    private final Map<Path, Set<String>> anchors = new HashMap<>();

    @Test
    void shouldLinkToFilesAndHeadingsThatAreThere() throws IOException {
        // When
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            Matcher link = LINK.matcher(prose(page));
            while (link.find()) {
                String target = link.group(1);
                if (!target.contains("://")) {
                    links++;
                    if (!leadsSomewhere(page, target)) {
                        broken.add(ROOT.relativize(page) + ": " + target);
                    }
                }
            }
        }

        // Then
        assertThat(links).isGreaterThan(200);
        assertThat(broken).isEmpty();
    }

    @Test
    void shouldListEveryPageInTheReadme() throws IOException {
        // Given
        String readme = Files.readString(ROOT.resolve("README.md"));

        // When
        List<String> unlisted;
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            unlisted = files.map(file -> "docs/" + file.getFileName())
                    .filter(name -> name.endsWith(".md") && !readme.contains("(" + name + ")"))
                    .sorted()
                    .toList();
        }

        // Then
        assertThat(unlisted).isEmpty();
    }

    @Test
    void shouldListEveryDecision() throws IOException {
        // Given
        Path folder = ROOT.resolve("docs/decisions");
        String list = Files.readString(folder.resolve("README.md"));

        // When
        List<String> decisions;
        try (Stream<Path> files = Files.list(folder)) {
            decisions = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .sorted()
                    .toList();
        }

        // Then
        assertThat(decisions).isNotEmpty().allSatisfy(name -> {
            int number = Integer.parseInt(name.substring(0, 4));
            String title = Files.readAllLines(folder.resolve(name)).get(0).replaceFirst("# \\d+\\. ", "");
            assertThat(list).contains("| [" + number + "](" + name + ") | " + title);
        });
    }

    private boolean leadsSomewhere(Path page, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /** As GitHub makes them of headings. */
    private Set<String> anchors(Path page) throws IOException {
        Set<String> known = anchors.get(page);
        if (known == null) {
            known = new HashSet<>();
            Matcher heading = HEADING.matcher(prose(page));
            while (heading.find()) {
                known.add(heading.group(1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'));
            }
            anchors.put(page, known);
        }
        return known;
    }

    private static String prose(Path page) throws IOException {
        return CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .forEach(pages::add);
        }
        return pages;
    }
}
