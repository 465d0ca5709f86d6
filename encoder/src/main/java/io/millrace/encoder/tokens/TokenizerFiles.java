package io.millrace.encoder.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.ConfigReader;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The tokenizer's files of a checkpoint. They are kept in memory, because the directory that they came from may have been deleted by the
 * time the next checkpoint is written.
 */
public final class TokenizerFiles {

    private static final String CONFIG_FILE = "tokenizer_config.json";
    private static final String MAX_LENGTH = "model_max_length";
    private static final String INPUT_NAMES = "model_input_names";
    private static final String MASK_ROLE = "mask_token";
    private static final List<String> MASK_TOKENS = List.of("[MASK]", "<mask>");

    private static final Map<String, String> ROLES = Map.of(
            "[PAD]",
            "pad_token",
            "<pad>",
            "pad_token",
            "[MASK]",
            MASK_ROLE,
            "<mask>",
            MASK_ROLE,
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

    private final Path file;
    private final byte[] tokenizer;
    private final ConfigReader settings;
    private final TokenizerClass builder;
    private final ObjectNode effective;
    private final TokenIds ids;

    private TokenizerFiles(Path file, byte[] tokenizer, ConfigReader settings, TokenizerClass builder) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.builder = builder;
        this.effective = ConfigReader.of(file, tokenizer).object();
        this.ids = new TokenIds(file, effective);
        TokenizerSettings.require(settings, effective, ids);
        builder.rebuild(effective, ids, settings);
        // The caller decides on both; here texts are cut at maxTokens and never padded.
        effective.putNull("truncation").putNull("padding");
    }

    /** Reads both from a checkpoint directory, as {@code AutoTokenizer} would. */
    public static TokenizerFiles read(Path directory, EncoderConfig config) {
        Path file = directory.resolve(TextTokenizer.FILE_NAME);
        Path settingsFile = directory.resolve(CONFIG_FILE);
        ConfigReader settings = Files.isRegularFile(settingsFile)
                ? ConfigReader.of(settingsFile)
                : new ConfigReader(Json.mapper().createObjectNode(), settingsFile);
        return new TokenizerFiles(file, ConfigReader.bytes(file), settings, TokenizerClass.of(settings, config));
    }

    Path file() {
        return file;
    }

    /** The tokenizer.json that the tokenizer built by transformers would have. */
    byte[] effective() {
        return Json.write(effective).getBytes(StandardCharsets.UTF_8);
    }

    /** Refuses tokens that the encoder has no row for. */
    public void requireRows(EncoderConfig config) {
        ids.require(config, effective);
    }

    /** Whether token types reach the encoder. */
    public boolean givesTypes() {
        return builder.givesTypes(settings);
    }

    /** Id of the mask token; absent if there is none. */
    OptionalInt maskId() {
        List<String> tokens = settings.object().hasNonNull(MASK_ROLE)
                ? List.of(TokenizerClass.token(settings, MASK_ROLE, ""))
                : MASK_TOKENS;
        return tokens.stream()
                .map(ids::find)
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    /** Id of the token that stands for what the vocabulary does not cover; absent if there is none, as with bytes for tokens. */
    OptionalInt unknownId() {
        JsonNode model = effective.path("model");
        return model.path("unk_id").isInt()
                ? OptionalInt.of(model.path("unk_id").intValue())
                : ids.find(model.path("unk_token").asText());
    }

    /** The longest example according to the files, in tokens. Many checkpoints give an absurdly large number for no limit. */
    public OptionalLong maxLength() {
        double stated = settings.object().path(MAX_LENGTH).asDouble(0);
        return stated >= 1 && stated <= Integer.MAX_VALUE ? OptionalLong.of((long) stated) : OptionalLong.empty();
    }

    /**
     * Writes both into a directory, so that {@code AutoTokenizer} reads them as we do: {@code tokenizer.json} byte for byte, and
     * {@code tokenizer_config.json} with all of its former keys, the class that builds the tokenizer, and the longest example.
     */
    public void write(Path target, int maxTokens) throws IOException {
        Files.write(target.resolve(TextTokenizer.FILE_NAME), tokenizer);
        ObjectNode written = settings.object().deepCopy();
        if (!written.hasNonNull(TokenizerClass.KEY)) {
            written.put(TokenizerClass.KEY, builder.className());
        }
        if (!written.path(INPUT_NAMES).isArray()) {
            ArrayNode inputs = written.putArray(INPUT_NAMES).add("input_ids");
            if (givesTypes()) {
                inputs.add("token_type_ids");
            }
            inputs.add("attention_mask");
        }
        for (JsonNode token : effective.path("added_tokens")) {
            String content = token.path("content").asText();
            if (ROLES.containsKey(content)) {
                putIfAbsent(written, ROLES.get(content), content);
            } else if (content.equals("</s>")) {
                putIfAbsent(written, "sep_token", content);
                putIfAbsent(written, "eos_token", content);
            }
        }
        written.put(MAX_LENGTH, maxTokens);
        Json.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(target.resolve(CONFIG_FILE).toFile(), written);
    }

    private static void putIfAbsent(ObjectNode written, String role, String token) {
        if (!written.hasNonNull(role)) {
            written.put(role, token);
        }
    }
}
