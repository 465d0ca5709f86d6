package io.millrace.schemas.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.schemas.FreshExample;
import io.millrace.schemas.LabelledExample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class FreshExamplesTest {

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheExamplesThatWereWritten() throws IOException {
        // Given
        List<FreshExample> examples = List.of(
                new FreshExample(new LabelledExample("1", "a\nb", "c", "yes", null, 0.5, null), true),
                new FreshExample(new LabelledExample("2", "\u2600", null, "no", null, null, null), false));

        // When
        FreshExamples.write(directory, examples);

        // Then
        assertThat(FreshExamples.read(directory)).isEqualTo(examples);
    }

    @Test
    void shouldWriteNoFileWithoutExamples() throws IOException {
        // When
        FreshExamples.write(directory, List.of());

        // Then
        assertThat(directory).isEmptyDirectory();
        assertThat(FreshExamples.read(directory)).isEmpty();
    }

    @Test
    void shouldNameTheLineThatIsNoExample() throws IOException {
        // Given
        Files.writeString(
                directory.resolve(FreshExamples.FILE_NAME),
                "{\"example\":{\"id\":\"1\",\"text\":\"a\",\"label\":\"b\"},\"right\":true}\n{\"right\":true}\n");

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> FreshExamples.read(directory))
                .withMessageContaining(FreshExamples.FILE_NAME + " line 2 is not a fresh example")
                .withMessageContaining("example is required");
    }
}
