package io.millrace.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.config.TaskConfig;
import io.millrace.app.produce.ProbeFile;
import io.millrace.ingest.file.ByteLines;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

class DemoSetupTest {

    @TempDir
    private Path folder;

    @Test
    void shouldKeepEverythingInTheDataDirectory() throws IOException {
        // Given
        DataDirectory data = new DataDirectory(folder);

        // When
        MillraceConfig config = DemoSetup.prepare(data, Map.of());

        // Then
        TaskConfig task = config.tasks().get(DemoFiles.TASK);
        assertThat(config.store()).isEqualTo(data.store());
        assertThat(config.ingest().stateDir()).isEqualTo(data.streams());
        assertThat(task.training().encoder()).isEqualTo(folder.resolve("encoder"));
        assertThat(task.training().encoder())
                .isDirectoryContaining("glob:**/config.json")
                .isDirectoryContaining("glob:**/model.safetensors")
                .isDirectoryContaining("glob:**/tokenizer.json");
    }

    @Test
    void shouldTrainWithSmartUnlessAskedOtherwise() throws IOException {
        // When
        MillraceConfig shipped = DemoSetup.prepare(new DataDirectory(folder.resolve("shipped")), Map.of());
        MillraceConfig wanted = DemoSetup.prepare(
                new DataDirectory(folder.resolve("wanted")), Map.of("method", "plain", "device", "cpu"));

        // Then
        assertThat(method(shipped)).isEqualTo(Method.SMART);
        assertThat(method(wanted)).isEqualTo(Method.PLAIN);
        assertThat(wanted.tasks().get(DemoFiles.TASK).training().compute().device())
                .isEqualTo("cpu");
        assertThat(wanted.tasks().get(DemoFiles.TASK).evaluation().compute().device())
                .isEqualTo("cpu");
    }

    @Test
    void shouldGoOnWithTheConfigurationThatIsThere() throws IOException {
        // Given
        DemoSetup.prepare(new DataDirectory(folder), Map.of("method", "plain"));

        // When
        MillraceConfig again = DemoSetup.prepare(new DataDirectory(folder), Map.of());

        // Then
        assertThat(method(again)).isEqualTo(Method.PLAIN);
    }

    @Test
    void shouldNotGoOnWithAnotherMethod() throws IOException {
        // Given
        DemoSetup.prepare(new DataDirectory(folder), Map.of());

        // When
        var thrown = assertThatThrownBy(() -> DemoSetup.prepare(new DataDirectory(folder), Map.of("method", "plain")));

        // Then
        thrown.isInstanceOf(ConfigException.class)
                .hasMessage(folder.resolve("millrace.yaml")
                        + ": method is smart since the first start, got plain. Use another directory with --data.");
    }

    @Test
    void shouldStartFromAnotherEncoder() throws IOException {
        // Given
        Path bert = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
        Map<String, String> wanted = Map.of("encoder", bert.toString());

        // When
        TrainingConfig other = DemoSetup.prepare(new DataDirectory(folder), wanted)
                .tasks()
                .get(DemoFiles.TASK)
                .training();
        TrainingConfig again = DemoSetup.prepare(new DataDirectory(folder), Map.of())
                .tasks()
                .get(DemoFiles.TASK)
                .training();

        // Then
        assertThat(other.encoder()).isEqualTo(bert);
        assertThat(other.optimizer().learningRate()).isEqualTo(0.0002);
        assertThat(again.encoder()).isEqualTo(bert);
        assertThatThrownBy(() -> DemoSetup.prepare(
                        new DataDirectory(folder.resolve("none")),
                        Map.of("encoder", folder.resolve("x").toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--encoder cannot be used: " + folder.resolve("x"));
    }

    @Test
    void shouldShipAStreamWhoseLabelsAreConfigured() throws IOException {
        // Given
        List<String> configured = DemoSetup.prepare(new DataDirectory(folder), Map.of())
                .tasks()
                .get(DemoFiles.TASK)
                .labels();

        // When
        TreeSet<String> streamed = new TreeSet<>();
        try (ByteLines lines = DemoFiles.stream()) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                streamed.add(
                        Json.mapper().readValue(line, LabelledExample.class).label());
            }
        }

        // Then
        assertThat(configured).hasSize(150).containsExactlyElementsOf(streamed);
    }

    @Test
    void shouldShipProbeSetsInAndOutOfTheDistribution() throws IOException {
        // When
        List<ProbeFile> probeSets = DemoFiles.probeSets();

        // Then
        assertThat(probeSets).extracting(ProbeFile::probeSet).containsExactly("known", "typos", "new");
        for (ProbeFile probeSet : probeSets) {
            try (ByteLines lines = DemoFiles.lines(probeSet.probeSet())) {
                List<ProbeExample> examples = probeSet.read(lines);
                assertThat(examples).hasSize(2250);
            }
        }
    }

    @Test
    void shouldUnpackWholeFilesOnly() throws IOException {
        // Given
        Files.createDirectories(folder.resolve("encoder"));
        Files.writeString(folder.resolve("encoder/.tmp-model.safetensors-1"), "half of it");

        // When
        DemoFiles.unpackEncoder(folder);

        // Then
        assertThat(folder.resolve("encoder/model.safetensors")).hasSize(10_737_312);
        assertThat(folder.resolve("encoder/.tmp-model.safetensors-1")).doesNotExist();
    }

    private static Method method(MillraceConfig config) {
        return config.tasks().get(DemoFiles.TASK).training().objective().method();
    }
}
