package io.millrace.encoder;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Turns texts into tokens with the {@code tokenizer.json} of a checkpoint, by Hugging Face's own tokenizer. */
public final class TextTokenizer implements AutoCloseable {

    static final String FILE_NAME = "tokenizer.json";

    private static final Set<String> MASK_TOKENS = Set.of("[MASK]", "<mask>");

    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;
    private final OptionalInt maskId;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, int maxTokens, OptionalInt maskId) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.maskId = maskId;
    }

    /**
     * Opens the tokenizer of a checkpoint directory.
     *
     * @param maxTokens longest example, special tokens included; of a longer pair the longer text is cut first
     */
    public static TextTokenizer open(Path directory, int maxTokens) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new UnusableCheckpointException(directory
                    + " has no tokenizer.json. Save the checkpoint with a fast tokenizer (AutoTokenizer does).");
        }
        try {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optAddSpecialTokens(true)
                    .optTruncation(true)
                    .optMaxLength(maxTokens)
                    .optPadding(false)
                    .build();
            return new TextTokenizer(tokenizer, maxTokens, maskId(file));
        } catch (IOException | RuntimeException e) {
            throw new UnusableCheckpointException("cannot load " + file + ": " + e.getMessage(), e);
        }
    }

    private static OptionalInt maskId(Path file) throws IOException {
        for (JsonNode token : Json.mapper().readTree(file.toFile()).path("added_tokens")) {
            if (MASK_TOKENS.contains(token.path("content").asText())) {
                return OptionalInt.of(token.path("id").asInt());
            }
        }
        return OptionalInt.empty();
    }

    /** Id of the token that stands for a masked one; absent if the tokenizer has none. */
    public OptionalInt maskId() {
        return maskId;
    }

    /** Longest example that comes out, in tokens. */
    public int maxTokens() {
        return maxTokens;
    }

    /** The tokens of each input, in their order. */
    public List<TokenizedText> tokenize(List<TextInput> inputs) {
        List<TokenizedText> tokenized = new ArrayList<>(inputs.size());
        for (TextInput input : inputs) {
            Encoding encoding = input.textPair() == null
                    ? tokenizer.encode(input.text())
                    : tokenizer.encode(input.text(), input.textPair());
            tokenized.add(tokenized(encoding));
        }
        return tokenized;
    }

    private static TokenizedText tokenized(Encoding encoding) {
        long[] ids = encoding.getIds();
        long[] types = encoding.getTypeIds();
        long[] special = encoding.getSpecialTokenMask();
        int[] narrowIds = new int[ids.length];
        int[] narrowTypes = new int[ids.length];
        boolean[] flags = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            narrowIds[i] = (int) ids[i];
            narrowTypes[i] = (int) types[i];
            flags[i] = special[i] != 0;
        }
        return new TokenizedText(narrowIds, narrowTypes, flags);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
