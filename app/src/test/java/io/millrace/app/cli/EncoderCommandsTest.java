package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;

class EncoderCommandsTest extends CommandRun {

    private static final Path BERT =
            Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");

    @Test
    void shouldDescribeAnEncoder() throws Exception {
        // When
        int exitCode = run("encoder", "check", BERT.toString(), "--json", "--device", "cpu", "--text", "good");

        // Then
        JsonNode answer = Json.mapper().readTree(out.toString());
        assertThat(exitCode).isZero();
        assertThat(answer.at("/shape/modelType").asText()).isEqualTo("bert");
        assertThat(answer.at("/sample/text").asText()).isEqualTo("good");
        assertThat(answer.path("directory").asText()).isEqualTo(BERT.toString());
        assertThat(answer.has("refused")).isFalse();
    }

    @Test
    void shouldFailForARefusedEncoder() throws Exception {
        // Given
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"t5\"}");

        // When
        int exitCode = run("encoder", "check", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString()).contains("refused      config.json: model_type must be");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            encoder | a command is missing: download, check or import-onnx
            encoder download ../x | a repository must be named as ORG/NAME
            encoder download a/b --revision= | --revision must have 1 to 200 characters
            encoder check . --device gpu | compute.device must be auto, cpu or cuda:N
            encoder import-onnx a.onnx t.json . | OUTPUT must be a new directory
            encoder import-onnx a.onnx t.json new --heads 0 | --heads must be above 0, got 0
            demo --encoder no-such-encoder --data HERE | no-such-encoder is no usable checkpoint
            """)
    void shouldRefuseWrongUsage(String line, String message) {
        // When
        int exitCode = run(line.replace("HERE", folder.toString()).split(" ", -1));

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }
}
