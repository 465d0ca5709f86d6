package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.TensorType;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checkpoints as people have them, with the values that transformers 5.18 gives, to 4 decimals. */
class KnownValuesTest {

    private static final Compute CPU = new Compute("cpu", Precision.F32);
    private static final List<TextInput> TEXT =
            List.of(new TextInput("A dull PLOT and wooden acting ruin every scene", null));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "lower-case, bert, bad .3445 good .6555",
        "prefix-space, roberta, bad .2560 good .7440",
        "roberta-no-pad-id, roberta, bad .3163 good .6837",
        "default-labels, bert, LABEL_0 .4094 LABEL_1 .5906",
        "int-names, bert, 0 .4094 1 .5906",
        "multi-label, bert, rude .3567 threat .9168 spam .9692 off_topic .8341",
    })
    void shouldGiveTheProbabilitiesOfTransformers(String name, String family, String expected) throws IOException {
        // Given
        Goldens.caseOf(name, family, directory);

        // When
        Map<String, Float> probabilities = probabilities(directory);

        // Then
        assertSame(probabilities, expected);
    }

    @ParameterizedTest
    @CsvSource({
        "lower-case, bert",
        "prefix-space, roberta",
        "roberta-no-pad-id, roberta",
        "default-labels, bert",
        "int-names, bert",
        "multi-label, bert"
    })
    void shouldGiveTheSameProbabilitiesOfWhatItWrites(String name, String family) throws IOException {
        // Given
        Path read = Goldens.caseOf(name, family, Files.createDirectory(directory.resolve("read")));
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(read);
        OutputHead head = checkpoint.head().orElseThrow();
        Path written = Files.createDirectory(directory.resolve("written"));

        // When
        try (OpenModel model = new OpenModel(checkpoint, head, Precision.F32)) {
            checkpoint.write(written, model.weights(), head, OpenModel.MAX_TOKENS);
        }

        // Then
        assertThat(probabilities(written)).isEqualTo(probabilities(read));
    }

    @Test
    void shouldTakeOneOutputForAScore() throws IOException {
        // Given
        Goldens.caseOf("one-score", "bert", directory);
        try (TextClassifier classifier = TextClassifier.load(directory, CPU)) {

            // When
            float[] scores = classifier.scores(TEXT);

            // Then
            assertThat(scores).containsExactly(new float[] {-0.9254f}, within(5e-5f));
        }
    }

    @Test
    void shouldStartARegressionWithTheHeadOfAScore() throws IOException {
        // Given
        Goldens.caseOf("one-score", "bert", directory);
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);

        // When
        HeadStart start = checkpoint.startOf(OutputHead.score());

        // Then
        assertThat(start.notice()).isEmpty();
        assertThat(start.isWhole(1)).isTrue();
    }

    @Test
    void shouldFindATensorThatIsKeptUnderOneOfItsNames() throws IOException {
        // Given
        Goldens.caseOf("shared-tensors", "roberta", directory);

        // When
        try (OpenModel model = new OpenModel(directory);
                OpenModel golden = new OpenModel(Goldens.directory("roberta"))) {

            // Then
            String words = "roberta.embeddings.word_embeddings.weight";
            assertThat(model.weight(words)).isEqualTo(golden.weight(words));
            assertThat(model.checkpoint().head()).isEmpty();
        }
    }

    @Test
    void shouldSayUnderWhichNameATensorIsMissing() throws IOException {
        // Given
        Goldens.caseOf("shared-tensors", "roberta", directory);
        Path weights = directory.resolve(EncoderCheckpoint.WEIGHTS_FILE);
        byte[] bytes = Files.readAllBytes(weights);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Files.write(
                weights,
                text.replace("\"lm_head.decoder.weight\":", "\"lm_head.decoder.heavy!\":")
                        .getBytes(StandardCharsets.ISO_8859_1));

        // When / Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("lacks the weight roberta.embeddings.word_embeddings.weight")
                .hasMessageContaining(
                        "says that lm_head.decoder.weight is the same tensor, but that is not there either");
    }

    @ParameterizedTest
    @CsvSource({"module.", "_orig_mod.", "module._orig_mod."})
    void shouldReadTheNamesThatAWrapperGave(String wrapper) throws IOException {
        // Given
        Goldens.copy("bert", directory);
        HandMade.rewrite(directory.resolve(EncoderCheckpoint.WEIGHTS_FILE), TensorType.F32, name -> wrapper + name);

        // When
        Map<String, Float> probabilities = probabilities(directory);

        // Then
        assertSame(probabilities, "LABEL_0 .4094 LABEL_1 .5906");
    }

    @Test
    void shouldRefuseTwoTensorsForOneWeight() throws IOException {
        // Given
        Goldens.copy("bert", directory);
        HandMade.rewrite(
                directory.resolve(EncoderCheckpoint.WEIGHTS_FILE),
                TensorType.F32,
                name -> name.equals("bert.pooler.dense.bias") ? "module.classifier.bias" : name);

        // When / Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("must hold each weight once, got module.classifier.bias and classifier.bias");
    }

    @Test
    void shouldRefuseATokenWithoutARowInTheEmbedding() throws IOException {
        // Given
        Goldens.caseOf("added-token", "bert", directory);

        // When / Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("got [ORDER] with id 262 and rows 0 to 261. Resize the embedding");
    }

    @ParameterizedTest
    @CsvSource({"false, -0.9315, -0.1604", "true, -1.1912, -0.4267"})
    void shouldCountPositionsPastAPaddingTokenThatATextSpellsOut(boolean spelled, float bad, float good)
            throws IOException {
        // Given
        Goldens.caseOf("roberta-no-pad-id", "roberta", directory);
        try (OpenModel model = new OpenModel(directory, List.of("bad", "good"), Precision.F32)) {

            // When
            float[] logits = model.logits(List.of(
                    spelled ? "A dull <pad> PLOT and <pad> wooden" : TEXT.get(0).text()));

            // Then
            assertThat(logits).containsExactly(new float[] {bad, good}, within(6e-5f));
        }
    }

    private static Map<String, Float> probabilities(Path checkpoint) {
        try (TextClassifier classifier = TextClassifier.load(checkpoint, CPU)) {
            float[] row = classifier.probabilities(TEXT)[0];
            Map<String, Float> probabilities = new LinkedHashMap<>();
            for (int i = 0; i < row.length; i++) {
                probabilities.put(classifier.labels().get(i), row[i]);
            }
            return probabilities;
        }
    }

    /** Label, probability, label, probability. */
    private static void assertSame(Map<String, Float> probabilities, String expected) {
        String[] words = expected.split(" ", -1);
        assertThat(probabilities).hasSize(words.length / 2);
        for (int i = 0; i < words.length; i += 2) {
            assertThat(probabilities.get(words[i]))
                    .as(words[i])
                    .isCloseTo(Float.parseFloat(words[i + 1]), within(5.1e-5f));
        }
    }
}
