package io.millrace.encoder.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Goldens;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class TextTokenizerTest {

    private static final String LONG = "The service was slow but the food was excellent. ".repeat(20);
    private static final String SHORT = "An unremarkable sequel.";

    @TempDir
    private Path directory;

    @Test
    void shouldCutASingleTextAndKeepItsFrame() {
        // When
        TokenizedText whole = tokenize("bert", 64, new TextInput(SHORT, null));
        TokenizedText cut = tokenize("bert", 6, new TextInput(SHORT, null));

        // Then
        assertThat(cut.length()).isEqualTo(6);
        assertThat(cut.ids()).startsWith(Arrays.copyOf(whole.ids(), 5));
        assertThat(cut.ids()[5]).as("[SEP]").isEqualTo(whole.ids()[whole.length() - 1]);
    }

    @Test
    void shouldCutTheLongerTextOfAPairFirst() {
        // When
        TokenizedText alone = tokenize("bert", 64, new TextInput(SHORT, null));
        TokenizedText pair = tokenize("bert", 40, new TextInput(SHORT, LONG));

        // Then
        assertThat(pair.length()).isEqualTo(40);
        assertThat(pair.ids()).startsWith(alone.ids());
        assertThat(pair.types()[alone.length() - 1]).isZero();
        assertThat(pair.types()[alone.length()]).isEqualTo(1);
    }

    @Test
    void shouldFlagTheTokensThatItAdds() {
        // When
        TokenizedText pair = tokenize("bert", 40, new TextInput("a", "b"));

        // Then
        assertThat(pair.special()).containsExactly(true, false, true, false, true);
    }

    @Test
    void shouldFlagAnEmptyTextAsNothingButSpecial() {
        // When
        TokenizedText empty = tokenize("roberta", 40, new TextInput("", null));

        // Then
        assertThat(empty.special()).containsExactly(true, true);
    }

    @Test
    void shouldNotPadShorterTexts() {
        // When
        List<TokenizedText> texts;
        try (TextTokenizer tokenizer = open(Goldens.directory("bert"), 40)) {
            texts = tokenizer.tokenize(List.of(new TextInput(LONG, null), new TextInput("a", null)));
        }

        // Then
        assertThat(texts).extracting(TokenizedText::length).containsExactly(40, 3);
    }

    @ParameterizedTest
    @CsvSource({"bert, 4", "roberta, 4", "distilbert, 4"})
    void shouldKnowTheMaskToken(String family, int maskId) {
        // When
        try (TextTokenizer tokenizer = open(Goldens.directory(family), 40)) {

            // Then
            assertThat(tokenizer.maskId()).hasValue(maskId);
        }
    }

    @ParameterizedTest
    @CsvSource({"bert, 0.5", "distilbert, 0.5", "roberta, 0"})
    void shouldCountTheTokensThatItDoesNotKnow(String family, double share) {
        // Given
        try (TextTokenizer tokenizer = open(Goldens.directory(family), 40)) {
            TokenizedText known =
                    tokenizer.tokenize(List.of(new TextInput("a", null))).get(0);
            TokenizedText half =
                    tokenizer.tokenize(List.of(new TextInput("a \u0b95", null))).get(0);

            // When / Then: byte-level tokens leave nothing unknown
            assertThat(tokenizer.unknownShare(known)).isZero();
            assertThat(tokenizer.unknownShare(half)).isEqualTo(share);
        }
    }

    @Test
    void shouldKnowThatThereIsNoMaskToken() throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Path file = directory.resolve("tokenizer.json");
        Files.writeString(file, Files.readString(file).replace("[MASK]", "[BLANK]"));

        // When
        try (TextTokenizer tokenizer = open(directory, 40)) {

            // Then
            assertThat(tokenizer.maskId()).isEmpty();
        }
    }

    @Test
    void shouldNameATokenizerFileThatCannotBeRead() throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Path file = directory.resolve("tokenizer.json");
        Files.writeString(file, Files.readString(file).replace("\"added_tokens\"", "\"version\":7,\"added_tokens\""));

        // When / Then
        assertThatThrownBy(() -> open(directory, 40))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageStartingWith("cannot load " + file);
    }

    @Test
    void shouldRefuseATokenizerWithoutTokens() throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Path file = Files.writeString(directory.resolve("tokenizer.json"), "{}");

        // When / Then
        assertThatThrownBy(() -> open(directory, 40))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessage(file + ": model.vocab must hold the tokens, got none.");
    }

    @Test
    void shouldSayWhichTextsItCut() {
        // When / Then
        assertThat(tokenize("bert", 6, new TextInput(SHORT, null)).truncated()).isTrue();
        assertThat(tokenize("bert", 64, new TextInput(SHORT, null)).truncated()).isFalse();
        assertThat(tokenize("bert", 40, new TextInput(SHORT, LONG)).truncated()).isTrue();
        assertThat(tokenize("bert", 3, new TextInput("a", null)).truncated())
                .as("just long enough")
                .isFalse();
        assertThat(tokenize("bert", 6, new TextInput(SHORT, null))
                        .withIds(new int[6])
                        .truncated())
                .isTrue();
    }

    private static TextTokenizer open(Path checkpoint, int maxTokens) {
        return EncoderCheckpoint.read(checkpoint).openTokenizer(maxTokens);
    }

    private static TokenizedText tokenize(String family, int maxTokens, TextInput input) {
        try (TextTokenizer tokenizer = open(Goldens.directory(family), maxTokens)) {
            return tokenizer.tokenize(List.of(input)).get(0);
        }
    }
}
