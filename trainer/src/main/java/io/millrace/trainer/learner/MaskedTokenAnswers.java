package io.millrace.trainer.learner;

/**
 * A model's answers to masked tokens.
 *
 * @param maskable how many tokens could have been masked
 * @param masked how many were
 * @param right for how many of those the model gives the original token the highest probability
 * @param mostFrequent how many of those are the token that is masked most often: the score of a model that always answers with it
 * @param loss mean negative log-likelihood of the masked tokens, in nats
 */
public record MaskedTokenAnswers(int maskable, int masked, int right, int mostFrequent, double loss) {

    /** {@code count} as so many of 100 masked tokens. */
    public double of100(int count) {
        return masked == 0 ? 0 : 100.0 * count / masked;
    }
}
