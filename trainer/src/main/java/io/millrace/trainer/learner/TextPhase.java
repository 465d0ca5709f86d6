package io.millrace.trainer.learner;

/** What a pre-training trains. */
public enum TextPhase {
    /** The masked-token head alone, on an encoder that stays as it is: no gradient of the encoder is computed. */
    HEAD("head"),
    /** Encoder and head. */
    BOTH("both");

    private final String wireName;

    TextPhase(String wireName) {
        this.wireName = wireName;
    }

    /** Its name in files and on the terminal. */
    public String wireName() {
        return wireName;
    }
}
