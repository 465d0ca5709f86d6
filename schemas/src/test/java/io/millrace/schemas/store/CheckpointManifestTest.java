package io.millrace.schemas.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.text.LogSafe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class CheckpointManifestTest {

    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    private Path store;

    private Path directory;
    private Path manifestFile;

    @BeforeEach
    void writeCheckpoint() throws IOException {
        directory = Files.createDirectory(store.resolve("checkpoint-000120"));
        manifestFile = directory.resolve(CheckpointManifest.FILE_NAME);
        Path weights = Files.writeString(directory.resolve(WEIGHTS), "weights");
        Files.writeString(manifestFile, Json.write(manifest(Map.of(WEIGHTS, FileHash.of(weights)))));
    }

    private static CheckpointManifest manifest(Map<String, FileHash> files) {
        CheckpointManifest.Lineage lineage =
                new CheckpointManifest.Lineage(null, Sha256.of("config"), new OffsetRange(0, 0, 10), List.of());
        return new CheckpointManifest(CheckpointManifest.FORMAT, "intent", "checkpoint-000120", 120, lineage, files);
    }

    private void assertCorrupt(String message) {
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> CheckpointManifest.readVerified(directory))
                .withMessageContaining(message)
                .withMessageContaining(directory.toString());
    }

    @Test
    void shouldReadWholeCheckpoint() throws IOException {
        // When
        CheckpointManifest read = CheckpointManifest.readVerified(directory);

        // Then
        assertThat(read).isEqualTo(manifest(Map.of(WEIGHTS, FileHash.of(directory.resolve(WEIGHTS)))));
    }

    @Test
    void shouldReadManifestAloneWhateverTheFilesAre() throws IOException {
        // Given
        Files.delete(directory.resolve(WEIGHTS));

        // When
        CheckpointManifest read = CheckpointManifest.read(directory);

        // Then
        assertThat(read.files()).containsOnlyKeys(WEIGHTS);
    }

    @Test
    void shouldListFilesByName() {
        // Given
        FileHash hash = new FileHash("00", 0);

        // When
        CheckpointManifest manifest = manifest(Map.of("c", hash, "a", hash, "b", hash));

        // Then
        assertThat(manifest.files().keySet()).containsExactly("a", "b", "c");
    }

    @Test
    void shouldReportMissingDirectory() {
        // Given
        directory = store.resolve("checkpoint-000130");

        // When / Then
        assertCorrupt("is no checkpoint: it has no manifest.json.");
    }

    @Test
    void shouldReportMissingManifest() throws IOException {
        // Given
        Files.delete(manifestFile);

        // When / Then
        assertCorrupt("is no checkpoint: it has no manifest.json.");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNotTakeAFaultOfTheDiskForOneOfTheCheckpoint() throws IOException {
        // Given: a file that can be opened, and gives an input/output error when it is read
        Files.delete(manifestFile);
        Files.createSymbolicLink(manifestFile, Path.of("/proc/self/mem"));

        // When / Then
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> CheckpointManifest.read(directory))
                .withMessageContaining("cannot read " + manifestFile)
                .withMessageContaining("Is the disk sound");
    }

    @Test
    void shouldReportMissingFile() throws IOException {
        // Given
        Files.delete(directory.resolve(WEIGHTS));

        // When / Then
        assertCorrupt("model.safetensors is missing, its manifest lists it.");
    }

    @Test
    void shouldReportDirectoryInPlaceOfFile() throws IOException {
        // Given
        Files.delete(directory.resolve(WEIGHTS));
        Files.createDirectory(directory.resolve(WEIGHTS));

        // When / Then
        assertCorrupt("model.safetensors is missing, its manifest lists it.");
    }

    @Test
    void shouldReportTruncatedFile() throws IOException {
        // Given
        Files.writeString(directory.resolve(WEIGHTS), "weigh");

        // When / Then
        assertCorrupt("model.safetensors has 5 bytes, its manifest says 7.");
    }

    @Test
    void shouldReportFlippedByte() throws IOException {
        // Given
        Files.writeString(directory.resolve(WEIGHTS), "wEights");

        // When / Then
        assertCorrupt("model.safetensors has SHA-256 " + Sha256.of("wEights") + ", its manifest says "
                + Sha256.of("weights") + ".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"format":2,"shape":"unknown"}    | 2
            {"task":"intent"}                 | none
            null                              | none
            ``                                | none
            """)
    void shouldReportFormatBeforeAnythingElse(String json, String format) throws IOException {
        // Given
        Files.writeString(manifestFile, json);

        // When / Then
        assertCorrupt("has format " + format + ", expected 1. Use the version that wrote it.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"format":1                                   | Unexpected end-of-input
            {"format":1} {}                               | Trailing token
            {"format":1}                                  | step
            {"format":1,"step":1}                         | CheckpointManifest.task is required, got none
            {"format":1,"step":1,"lineage":{}}            | CheckpointManifest.lineage.configSha256 is required
            {"format":1,"step":1,"task":7,"id":[]}        | at id
            {"format":1,"step":1,"files":{"a":{"bytes":1}}} | FileHash.sha256 is required, got none, at files.a
            """)
    void shouldReportMalformedManifest(String json, String fault) throws IOException {
        // Given
        Files.writeString(manifestFile, json);

        // When / Then
        assertCorrupt(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "/etc/passwd", "..", ".", "", "a\0b"})
    void shouldReportFileOutsideOfCheckpoint(String name) throws IOException {
        // Given
        Files.writeString(store.resolve("outside"), "outside");
        Files.writeString(manifestFile, Json.write(manifest(Map.of(name, new FileHash(Sha256.of("outside"), 7)))));

        // When / Then
        assertCorrupt("lists a file outside of it: a location must be a relative path inside the store");
    }

    @Test
    void shouldReportSymbolicLinkToFileOutsideOfCheckpoint() throws IOException {
        // Given
        Path outside = Files.move(directory.resolve(WEIGHTS), store.resolve("outside"));
        Files.createSymbolicLink(directory.resolve(WEIGHTS), outside);

        // When / Then
        assertCorrupt("lists a file outside of it: a location must be a relative path inside the store");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 40_000})
    void shouldReportFileWithVeryLongName(int chars) throws IOException {
        // Given
        Files.writeString(
                manifestFile, Json.write(manifest(Map.of("l".repeat(chars), new FileHash(Sha256.of("weights"), 7)))));

        // When / Then
        assertCorrupt(chars <= 1024 ? "is missing, its manifest lists it." : "...\" (40000 characters)");
    }

    @Test
    void shouldShowLittleOfWhatIsForeignInMessages() throws IOException {
        // Given
        String forged = "x\nERROR forged\u202E" + "x".repeat(20_000);
        String outcome =
                "{\"format\":1,\"lineage\":{\"miniBatches\":[{\"outcome\":%s}]}}".formatted(Json.write(forged));
        String file = "{\"format\":1,\"files\":{%s:{}}}".formatted(Json.write(forged));
        String format = "{\"format\":%s}".formatted(Json.write(forged));
        String hash = Json.write(manifest(Map.of(WEIGHTS, new FileHash(forged, 7))));

        for (String json : List.of(outcome, file, format, hash)) {
            // When
            Files.writeString(manifestFile, json);

            // Then
            assertThatExceptionOfType(CorruptCheckpointException.class)
                    .isThrownBy(() -> CheckpointManifest.readVerified(directory))
                    .satisfies(e -> assertThat(e.getMessage())
                            .hasSizeLessThan(directory.toString().length() + 600)
                            .contains("x\\u000AERROR")
                            .matches(LogSafe::isPlain));
        }
    }

    @Test
    void shouldReportFileWithoutHash() throws IOException {
        // Given
        String json = Json.write(manifest(Map.of())).replace("\"files\":{}", "\"files\":{\"a\":null}");
        Files.writeString(manifestFile, json);

        // When / Then
        assertCorrupt("CheckpointManifest.files.a is required, got none");
    }
}
