package io.millrace.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The tokenizer's files of a checkpoint, kept in memory to be handed on: by the time of writing, the directory that they came from may
 * have been deleted as one of the old checkpoints.
 *
 * @param tokenizer the bytes of {@code tokenizer.json}
 * @param config the content of {@code tokenizer_config.json}; empty if there was none
 */
record TokenizerFiles(byte[] tokenizer, ObjectNode config) {

    private static final String CONFIG_FILE = "tokenizer_config.json";
    private static final String MAX_LENGTH = "model_max_length";

    private static final Map<String, String> ROLES = Map.of(
            "[PAD]",
            "pad_token",
            "<pad>",
            "pad_token",
            "[MASK]",
            "mask_token",
            "<mask>",
            "mask_token",
            "[UNK]",
            "unk_token",
            "<unk>",
            "unk_token",
            "[CLS]",
            "cls_token",
            "<s>",
            "cls_token",
            "[SEP]",
            "sep_token");

    /** Reads both from a checkpoint directory. */
    static TokenizerFiles read(Path directory) {
        Path config = directory.resolve(CONFIG_FILE);
        return new TokenizerFiles(
                JsonFile.bytes(directory.resolve(TextTokenizer.FILE_NAME)),
                Files.isRegularFile(config)
                        ? JsonFile.object(config)
                        : Json.mapper().createObjectNode());
    }

    /** The longest example that the files state, in tokens. Many checkpoints state an absurdly large one, meaning none. */
    OptionalLong maxLength() {
        double stated = config.path(MAX_LENGTH).asDouble(0);
        return stated >= 1 && stated <= Integer.MAX_VALUE ? OptionalLong.of((long) stated) : OptionalLong.empty();
    }

    /**
     * Writes both into a directory, so that {@code AutoTokenizer} reads them as we do. What {@code tokenizer_config.json} said stays.
     *
     * @param typed whether the encoder tells the texts of a pair apart by type
     */
    void write(Path target, boolean typed, int maxTokens) throws IOException {
        Files.write(target.resolve(TextTokenizer.FILE_NAME), tokenizer);
        ObjectNode written = config.deepCopy();
        if (!written.has("tokenizer_class")) {
            written.put("tokenizer_class", "PreTrainedTokenizerFast");
            ArrayNode inputs = written.putArray("model_input_names").add("input_ids");
            if (typed) {
                inputs.add("token_type_ids");
            }
            inputs.add("attention_mask");
            for (JsonNode token : Json.mapper().readTree(tokenizer).path("added_tokens")) {
                String content = token.path("content").asText();
                if (ROLES.containsKey(content)) {
                    written.put(ROLES.get(content), content);
                } else if (content.equals("</s>")) {
                    written.put("sep_token", content).put("eos_token", content);
                }
            }
        }
        written.put(MAX_LENGTH, maxTokens);
        Json.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(target.resolve(CONFIG_FILE).toFile(), written);
    }
}
