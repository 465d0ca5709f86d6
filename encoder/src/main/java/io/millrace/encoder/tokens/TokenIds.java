package io.millrace.encoder.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The ids that a {@code tokenizer.json} can give: those of its vocabulary and of its added tokens. */
final class TokenIds {

    /** Embeddings have some rows more than tokens, up to a round number; a tokenizer for fewer is hardly their own. */
    private static final double MOST_OF_THE_ROWS = 0.75;

    private final Path file;
    private final Map<String, Integer> vocabulary = new LinkedHashMap<>();
    private final Map<String, JsonNode> added = new LinkedHashMap<>();
    private final JsonNode model;

    TokenIds(Path file, ObjectNode tokenizer) {
        this.file = file;
        this.model = tokenizer.path("model");
        JsonNode vocab = model.path("vocab");
        if (vocab.isArray()) {
            for (int id = 0; id < vocab.size(); id++) {
                vocabulary.put(vocab.path(id).path(0).asText(), id);
            }
        } else {
            vocab.properties().forEach(token -> vocabulary.put(token.getKey(), id(token.getKey(), token.getValue())));
        }
        tokenizer.path("added_tokens").forEach(this::add);
        if (vocabulary.isEmpty()) {
            throw unusable("model.vocab must hold the tokens, got none");
        }
    }

    /** The tokenizer numbers added tokens itself: as in the vocabulary, otherwise after all others. */
    private void add(JsonNode token) {
        String content = token.path("content").asText();
        Integer known = vocabulary.get(content);
        int behind = added.values().stream()
                .mapToInt(other -> other.path("id").intValue() + 1)
                .reduce(vocabulary.size(), Math::max);
        int expected = known == null ? behind : known;
        if (id(content, token.path("id")) != expected) {
            throw unusable("the id of the added token " + content + " must be " + expected + ", got " + token.path("id")
                    + ". Save the tokenizer again");
        }
        added.put(content, token);
    }

    private int id(String token, JsonNode id) {
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
            throw unusable("the id of " + token + " must be a whole number, got " + id);
        }
        return id.intValue();
    }

    /** The id of a token that must be there. */
    int of(String token) {
        return find(token)
                .orElseThrow(() -> unusable("the special token " + token + " must be in the vocabulary, got none"));
    }

    OptionalInt find(String token) {
        if (added.containsKey(token)) {
            return OptionalInt.of(added.get(token).path("id").intValue());
        }
        Integer id = vocabulary.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The entry of {@code added_tokens} of a token; missing if it is none. */
    JsonNode added(String token) {
        return added.containsKey(token) ? added.get(token) : model.path("");
    }

    /** Refuses tokens that have no row in the encoder, and a vocabulary without a token for unknown words. */
    void require(EncoderConfig config, ObjectNode effective) {
        int rows = config.vocabulary();
        vocabulary.forEach((token, id) -> requireRow(token, id, rows));
        added.forEach((token, entry) -> requireRow(token, entry.path("id").intValue(), rows));
        for (JsonNode ids : effective.path("post_processor").findValues("ids")) {
            ids.forEach(id -> requireRow("a special token", id("a special token", id), rows));
        }
        JsonNode unknown = effective.path("model").path("unk_token");
        if (unknown.isTextual() && !vocabulary.containsKey(unknown.asText())) {
            throw unusable("model.vocab must hold " + unknown + ", which stands for unknown words, got none");
        }
        requireOwn(config, effective);
        int types = config.shape().types();
        for (JsonNode type : effective.path("post_processor").findValues("type_id")) {
            if (types > 1 && type.asInt() >= types) {
                throw unusable("post_processor must give token types below type_vocab_size " + types + ", got " + type);
            }
        }
    }

    /** Refuses a tokenizer whose ids are those of another model, as far as the files tell. */
    private void requireOwn(EncoderConfig config, ObjectNode effective) {
        int ids = 1
                + Stream.concat(
                                vocabulary.values().stream(),
                                added.values().stream()
                                        .map(token -> token.path("id").intValue()))
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0);
        if (ids < MOST_OF_THE_ROWS * config.vocabulary()) {
            throw unusable("the tokenizer must cover most of the embedding's " + config.vocabulary()
                    + " rows, got tokens for " + ids + ": it seems to be another model's. Copy tokenizer.json from the"
                    + " checkpoint that the weights are from");
        }
        List<Integer> frame = new ArrayList<>();
        for (JsonNode part : effective.path("post_processor").path("single")) {
            String token = part.path("SpecialToken").path("id").asText();
            effective
                    .path("post_processor")
                    .path("special_tokens")
                    .path(token)
                    .path("ids")
                    .forEach(id -> frame.add(id.asInt()));
        }
        if (!frame.isEmpty()) {
            requireOwn(config, List.of("cls_token_id", "bos_token_id"), frame.get(0));
            requireOwn(config, List.of("sep_token_id", "eos_token_id"), frame.get(frame.size() - 1));
        }
    }

    /** Models frame their texts with the tokens of either role; a configuration without the first key says nothing of its tokenizer. */
    private void requireOwn(EncoderConfig config, List<String> keys, int id) {
        List<Integer> stated = keys.stream()
                .map(key -> config.json().path(key))
                .filter(JsonNode::isInt)
                .map(JsonNode::intValue)
                .toList();
        if (config.json().path(keys.get(0)).isInt() && !stated.contains(id)) {
            throw unusable("the token around each text must be that of config.json's " + String.join(" or ", keys) + " "
                    + stated + ", got " + id
                    + ": the tokenizer seems to be another model's. Copy both files from one checkpoint");
        }
    }

    private void requireRow(String token, int id, int rows) {
        if (id >= rows) {
            throw unusable(
                    "the embedding must have a row for each token, got " + token + " with id " + id + " and rows 0 to "
                            + (rows - 1)
                            + ". Resize the embedding to the tokenizer (resize_token_embeddings) and save both, or remove"
                            + " the token");
        }
    }

    UnusableCheckpointException unusable(String what) {
        return new UnusableCheckpointException(file + ": " + what + ".");
    }
}
