package io.millrace.app.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.config.OutputHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class EncoderInspectionTest {

    private static final Path GOLDENS =
            Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens");

    private final EncoderInspection inspection =
            new EncoderInspection("the film was good \u4e9c\u4e9c", new Compute("cpu", Precision.F32));

    @TempDir
    private Path folder;

    @Test
    void shouldSayWhatAnEncoderIs() throws IOException {
        // When
        EncoderFacts facts = inspection.of(GOLDENS.resolve("bert"));

        // Then
        assertThat(facts.refused()).isNull();
        assertThat(facts.shape()).isEqualTo(new EncoderFacts.Shape("bert", 3, 32, 4, 262, 64));
        assertThat(facts.weights().files()).containsExactly("model.safetensors");
        assertThat(facts.weights().bytes()).isEqualTo(161_368);
        assertThat(facts.weights().parameters()).isBetween(30_000L, 161_368L / 4);
        assertThat(facts.tokenizer().tokens()).isLessThanOrEqualTo(262);
        assertThat(facts.heads().task()).isEqualTo(OutputHead.Kind.CLASSES);
        assertThat(facts.sample().tokens()).isGreaterThan(2);
        assertThat(facts.sample().forwardMs()).isPositive();
        assertThat(facts.lines()).first().asString().startsWith("encoder ");
        assertThat(facts.lines()).last().isEqualTo("A task can start from it.");
    }

    @Test
    void shouldNameWhatStartsFresh() throws IOException {
        // Given
        Path bare = Files.createDirectories(folder.resolve("bare"));
        for (String file : List.of("config.json", "tokenizer.json")) {
            Files.copy(GOLDENS.resolve("bert").resolve(file), bare.resolve(file));
        }
        withoutHeads(GOLDENS.resolve("bert/model.safetensors"), bare.resolve("model.safetensors"));

        // When
        EncoderFacts facts = inspection.of(bare);

        // Then
        assertThat(facts.heads().task()).isEqualTo(OutputHead.Kind.NONE);
        assertThat(facts.heads().maskedTokens()).isFalse();
        assertThat(facts.heads().fresh())
                .contains("classifier.weight", "classifier.bias", "cls.predictions.bias")
                .doesNotContain("bert.pooler.dense.weight");
        assertThat(facts.lines())
                .anyMatch(line -> line.startsWith("task head    none"))
                .anyMatch(line -> line.startsWith("fresh        "));
    }

    @Test
    void shouldSuspectTheTokenizerOfAnotherEncoder() throws IOException {
        // When
        EncoderFacts facts = inspection.of(withTokens(210));

        // Then
        assertThat(facts.refused()).isNull();
        assertThat(facts.sample().unknownShare()).isGreaterThan(0.5);
        assertThat(facts.lines())
                .contains("careful      52 of the word rows belong to no token: is the tokenizer that of another"
                        + " encoder?");
    }

    @Test
    void shouldRefuseATokenizerThatLacksMostTokens() throws IOException {
        // When
        EncoderFacts facts = inspection.of(withTokens(6));

        // Then
        assertThat(facts.refused()).contains("must cover most of the embedding's 262 rows, got tokens for 6");
    }

    /** The weights of the golden BERT beside a tokenizer of other words. */
    private Path withTokens(int count) throws IOException {
        Path mixed = Files.createDirectories(folder.resolve("mixed"));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(GOLDENS.resolve("bert").resolve(file), mixed.resolve(file));
        }
        String others = IntStream.range(5, count)
                .mapToObj(id -> ", \"word%d\": %d".formatted(id, id))
                .collect(Collectors.joining());
        Files.writeString(
                mixed.resolve("tokenizer.json"),
                """
                {"model": {"type": "WordPiece", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4%s}},
                 "added_tokens": []}
                """
                        .formatted(others));
        return mixed;
    }

    /** Gives the tensors of the heads other names of the same length, which nobody knows. */
    private static void withoutHeads(Path from, Path to) throws IOException {
        String text = Files.readString(from, StandardCharsets.ISO_8859_1);
        Files.writeString(
                to,
                text.replace("\"classifier.", "\"x1234567890").replace("\"cls.predictions", "\"x12345678901234"),
                StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldSayWhyAnEncoderIsRefused() throws IOException {
        // Given
        Path cut = Files.createDirectories(folder.resolve("cut"));
        for (String file : List.of("config.json", "tokenizer.json")) {
            Files.copy(GOLDENS.resolve("bert").resolve(file), cut.resolve(file));
        }
        Files.write(cut.resolve("model.safetensors"), new byte[100]);

        // When
        EncoderFacts facts = inspection.of(cut);
        EncoderFacts nothing = inspection.of(folder.resolve("nothing"));

        // Then
        assertThat(facts.refused()).contains("model.safetensors");
        assertThat(facts.shape().layers()).isEqualTo(3);
        assertThat(facts.weights()).isNull();
        assertThat(facts.lines()).last().asString().startsWith("refused      ");
        assertThat(nothing.refused()).contains("it has no config.json");
        assertThat(nothing.shape()).isNull();
    }
}
