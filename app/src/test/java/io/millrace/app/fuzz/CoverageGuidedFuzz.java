package io.millrace.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The same targets under Jazzer, which goes where inputs reach new code: each for some seconds in a process of its own.
 * It is no part of a build without {@code -Pchaos}, because Jazzer brings an agent in native code.
 */
class CoverageGuidedFuzz {

    private static final int SECONDS = Integer.getInteger("millrace.fuzz.seconds", 10);

    /** Ours, and the parsers that stand before it; the more there is, the longer Jazzer takes to begin. */
    private static final List<String> INSTRUMENTED = List.of(
            "io.millrace.**",
            "org.apache.commons.csv.**",
            "com.fasterxml.jackson.core.json.**",
            "org.yaml.snakeyaml.scanner.**",
            "org.yaml.snakeyaml.parser.**");

    /** Jazzer itself ends after its seconds; it takes half a minute more to begin on a busy machine. */
    private static final int PATIENCE_MINUTES = 5;

    private static final Pattern RUNS = Pattern.compile("Done (\\d+) runs in");
    private static final Pattern SAVED = Pattern.compile("Test unit written to (\\S+)");

    @ParameterizedTest
    @EnumSource
    void shouldReadOrRefuseWhatReachesNewCode(Fuzzed fuzzed) throws Exception {
        // Given
        Path corpus = Files.createTempDirectory(Files.createDirectories(fuzzed.folder()), "corpus-");
        List<byte[]> seeds = fuzzed.open().seeds();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed-" + i), seeds.get(i));
        }

        // When
        Path log = fuzzed.folder().resolve("jazzer.log");
        Process jazzer = jazzer(fuzzed, corpus, log);
        boolean ended = jazzer.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        jazzer.destroyForcibly();

        // Then
        assertThat(ended).as("Jazzer came to an end, see %s", log).isTrue();
        String output = Files.readString(log);
        assertThat(jazzer.exitValue()).as(() -> finding(fuzzed, log, output)).isZero();
        System.out.println("fuzz " + fuzzed + ": " + runs(output) + " inputs guided by coverage, 0 findings");
    }

    private static Process jazzer(Fuzzed fuzzed, Path corpus, Path log) throws IOException {
        ProcessBuilder jazzer = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dmillrace.root=" + System.getProperty("millrace.root"),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + CoverageGuided.class.getName(),
                "--target_args=" + fuzzed,
                "--instrumentation_includes=" + String.join(":", INSTRUMENTED),
                "--instrumentation_excludes=io.millrace.app.fuzz.**",
                "--custom_hook_includes=io.millrace.**",
                "--reproducer_path=" + fuzzed.folder(),
                "-artifact_prefix=" + fuzzed.folder() + "/",
                "-max_total_time=" + SECONDS,
                "-timeout=10",
                "-rss_limit_mb=3000",
                corpus.toString());
        return jazzer.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static String runs(String output) {
        return RUNS.matcher(output)
                .results()
                .map(done -> done.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String finding(Fuzzed fuzzed, Path log, String output) {
        return "fuzz " + fuzzed + ": Jazzer has a finding, see " + log + ". "
                + SAVED.matcher(output)
                        .results()
                        .map(unit -> "Repeat it with " + FuzzRepeat.command(fuzzed, Path.of(unit.group(1))))
                        .findFirst()
                        .orElse("It saved no input.");
    }
}
