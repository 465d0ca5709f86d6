package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ./millrace, with a program in place of java that prints what it is given. The image starts the same file. */
class LauncherTest {

    private static final Path ROOT = Path.of(System.getProperty("millrace.root"));

    /** Says a version when asked, else its environment and its arguments, one per line. */
    private static final String JAVA =
            """
            #!/bin/sh
            if [ "$1" = -version ]; then
              echo 'openjdk version "17.0.1"' >&2
              exit 0
            fi
            env
            printf '%s\\n' "$@"
            """;

    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void install() throws IOException {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, JAVA);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("lib"));
    }

    @Test
    void shouldBoundMemory() throws Exception {
        // When
        List<String> lines = launch(Map.of());

        // Then
        assertThat(lines)
                .contains(
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-XX:InitialRAMPercentage=0.3",
                        "-XX:MaxMetaspaceSize=256m",
                        "-XX:ReservedCodeCacheSize=128m",
                        "-Djdk.nio.maxCachedBufferSize=1048576")
                .contains(
                        "MALLOC_ARENA_MAX=2",
                        "ONEDNN_PRIMITIVE_CACHE_CAPACITY=256",
                        "LRU_CACHE_CAPACITY=256",
                        "GOMP_SPINCOUNT=2000");
    }

    @Test
    void shouldGiveIngestALargerNurseryUnlessTheUserChoosesACollector() throws Exception {
        assertThat(launch(Map.of(), "ingest", "--config", "millrace.yaml")).contains("-Xmn128m");
        assertThat(launch(Map.of(), "bench", "ingest")).contains("-Xmn128m");
        assertThat(launch(Map.of(), "trainer", "--config", "millrace.yaml")).doesNotContain("-Xmn128m");
        assertThat(launch(Map.of("MILLRACE_JAVA_OPTS", "-XX:+UseG1GC"), "ingest"))
                .doesNotContain("-Xmn128m");
    }

    @Test
    void shouldLetTheUserChooseOtherBounds() throws Exception {
        // When
        List<String> lines = launch(Map.of(
                "MILLRACE_JAVA_OPTS", "-XX:+UseG1GC -Xmx4g",
                "ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8",
                "LRU_CACHE_CAPACITY", "9",
                "MALLOC_ARENA_MAX", "4"));

        // Then
        assertThat(lines)
                .contains("-XX:+UseG1GC")
                .doesNotContain("-XX:+UseSerialGC")
                .contains("ONEDNN_PRIMITIVE_CACHE_CAPACITY=8", "LRU_CACHE_CAPACITY=9", "MALLOC_ARENA_MAX=4");
        // The later of two limits counts.
        assertThat(lines.indexOf("-Xmx4g")).isGreaterThan(lines.indexOf("-Xmx1g"));
    }

    @Test
    void shouldTakeTheAllocatorThatTheUserNames() throws Exception {
        // Given a file that no program can load, which costs a warning
        Path allocator = Files.createFile(folder.resolve("allocator.so"));

        // When / Then
        assertThat(launch(Map.of("MILLRACE_MALLOC", allocator.toString()))).contains("LD_PRELOAD=" + allocator);
        assertThat(launch(Map.of("MILLRACE_MALLOC", "glibc"))).noneMatch(line -> line.startsWith("LD_PRELOAD="));
    }

    @Test
    void shouldStartWithTheArchiveOfClassesThatIsThere() throws Exception {
        // Given
        String archive = "-XX:SharedArchiveFile=" + home.resolve("millrace.jsa");
        List<String> before = launch(Map.of());
        Files.createFile(home.resolve("millrace.jsa"));

        // When
        List<String> lines = launch(Map.of());

        // Then
        assertThat(before).doesNotContain(archive);
        assertThat(lines).contains(archive, "-Xshare:auto");
        // Other classes come first: the archive would not fit.
        assertThat(launch(Map.of("MILLRACE_CLASSPATH", "classes"))).doesNotContain(archive);
    }

    @Test
    void shouldSaveClassesWhenAsked() throws Exception {
        // Given
        Path archive = home.resolve("millrace.jsa");
        Files.createFile(archive);

        // When
        List<String> lines = launch(Map.of("MILLRACE_CLASS_ARCHIVE", archive.toString()));

        // Then
        assertThat(lines)
                .contains("-XX:ArchiveClassesAtExit=" + archive)
                .doesNotContain("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void shouldSaveClassesInTheImageWhereItsContainersLookForThem() throws IOException {
        // Given
        String image = DeployedFile.DOCKERFILE.text();

        // Then
        assertThat(image)
                .contains(
                        "MILLRACE_CLASS_ARCHIVE=/opt/millrace/millrace.jsa /opt/millrace/millrace demo",
                        "ENTRYPOINT [\"/opt/millrace/millrace\"]");
        assertThat(Files.readString(ROOT.resolve("millrace"))).contains("archive=\"$here/millrace.jsa\"");
    }

    private List<String> launch(Map<String, String> environment) throws IOException, InterruptedException {
        return launch(environment, "--version");
    }

    private List<String> launch(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("millrace").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("JAVA_HOME", folder.resolve("jdk").toString());
        variables.put("MILLRACE_HOME", home.toString());
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(MILLRACE|MALLOC|ONEDNN|LRU|GOMP)_.*|LD_PRELOAD"));
        builder.environment().putAll(variables);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return Arrays.asList(output.split("\n"));
    }
}
