package io.millrace.encoder.tokens;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Turns texts into tokens with the {@code tokenizer.json} of a checkpoint, by Hugging Face's own tokenizer. */
public final class TextTokenizer implements AutoCloseable {

    public static final String FILE_NAME = "tokenizer.json";

    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;
    private final OptionalInt maskId;
    private final OptionalInt unknownId;
    private final String sha256;

    private TextTokenizer(
            HuggingFaceTokenizer tokenizer, int maxTokens, OptionalInt maskId, OptionalInt unknownId, String sha256) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.maskId = maskId;
        this.unknownId = unknownId;
        this.sha256 = sha256;
    }

    /**
     * Opens the tokenizer of a checkpoint.
     *
     * @param maxTokens longest example, special tokens included; of a longer pair the longer text is cut first
     */
    public static TextTokenizer open(TokenizerFiles files, int maxTokens) {
        byte[] effective = files.effective();
        try (InputStream json = new ByteArrayInputStream(effective)) {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                    json,
                    Map.of(
                            "addSpecialTokens",
                            "true",
                            "truncation",
                            "true",
                            "maxLength",
                            Integer.toString(maxTokens),
                            "modelMaxLength",
                            Integer.toString(maxTokens),
                            "padding",
                            "false"));
            return new TextTokenizer(
                    tokenizer,
                    maxTokens,
                    files.maskId(),
                    files.unknownId(),
                    Sha256.of(Sha256.of(effective) + " " + maxTokens));
        } catch (IOException | RuntimeException e) {
            throw new UnusableCheckpointException("cannot load " + files.file() + ": " + e.getMessage(), e);
        }
    }

    /** Id of the mask token; absent if the tokenizer has none. */
    public OptionalInt maskId() {
        return maskId;
    }

    /** Share of a text's tokens, special ones apart, that stand for what the vocabulary does not cover. */
    public double unknownShare(TokenizedText text) {
        int unknown = 0;
        int tokens = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!text.special()[i]) {
                tokens++;
                unknown += unknownId.isPresent() && text.ids()[i] == unknownId.getAsInt() ? 1 : 0;
            }
        }
        return tokens == 0 ? 0 : unknown / (double) tokens;
    }

    /** Hash of the tokenizer and its limit: two with the same hash give the same tokens. Hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /** Longest example, in tokens; longer ones are truncated. */
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
        return new TokenizedText(narrowIds, narrowTypes, flags, encoding.exceedMaxLength());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
