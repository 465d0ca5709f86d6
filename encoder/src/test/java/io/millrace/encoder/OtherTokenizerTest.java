package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Weights beside the tokenizer of another model. */
class OtherTokenizerTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bert        | roberta     | model must be of the type WordPiece that the tokenizer_class builds, got \"BPE\"",
                "bert        | xlm-roberta | model must be of the type WordPiece that the tokenizer_class builds, got \"Unigram\"",
                "bert        | distilbert  | the embedding must have a row for each token, got ",
                "roberta     | bert        | model must be of the type BPE",
                "roberta     | modernbert  | the special token </s> must be in the vocabulary, got none",
                "xlm-roberta | bert        | model must be of the type Unigram",
                "deberta-v2  | electra     | model must be of the type Unigram",
                "modernbert  | bert        | the tokenizer must cover most of the embedding's 424 rows, got tokens for 262",
                "modernbert  | roberta     | the token around each text must be that of config.json's cls_token_id or bos_token_id [1, 1], got 0",
            })
    void shouldBeRefused(String family, String other, String message) throws IOException {
        // Given
        Goldens.copy(family, directory);
        Files.copy(
                Goldens.directory(other).resolve("tokenizer.json"),
                directory.resolve("tokenizer.json"),
                StandardCopyOption.REPLACE_EXISTING);

        // When / Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(message);
    }
}
