package io.millrace.encoder.tokens;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The tokens that a tokenizer puts around a text and around a pair: the {@code post_processor} of a tokenizer.json. */
final class Frame {

    private final TokenIds ids;
    private final ArrayNode single;
    private final ArrayNode pair;
    private final ObjectNode tokens;

    /** Replaces the frame of a tokenizer by an empty one. */
    Frame(ObjectNode tokenizer, TokenIds ids) {
        ObjectNode frame = tokenizer.putObject("post_processor").put("type", "TemplateProcessing");
        this.ids = ids;
        this.single = frame.putArray("single");
        this.pair = frame.putArray("pair");
        this.tokens = frame.putObject("special_tokens");
    }

    /** Frames a single text. */
    void single(String first, String last) {
        new Template(single).special(first, 0).text("A", 0).special(last, 0);
    }

    /** The template of a pair, to be filled in its order. */
    Template pair() {
        return new Template(pair);
    }

    /** A sequence of special tokens and texts. */
    final class Template {

        private final ArrayNode parts;

        private Template(ArrayNode parts) {
            this.parts = parts;
        }

        /** Adds a special token, which must be in the vocabulary. */
        Template special(String token, int type) {
            parts.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
            if (!tokens.has(token)) {
                ObjectNode entry = tokens.putObject(token).put("id", token);
                entry.putArray("ids").add(ids.of(token));
                entry.putArray("tokens").add(token);
            }
            return this;
        }

        /** Adds the text A or B. */
        Template text(String id, int type) {
            parts.addObject().putObject("Sequence").put("id", id).put("type_id", type);
            return this;
        }
    }
}
