package io.millrace.schemas;

/**
 * An example on which the model was tested before it was trained on it.
 *
 * @param example the example
 * @param right whether the model's prediction was right; a regression's is right within the task's tolerance
 */
public record FreshExample(LabelledExample example, boolean right) {

    public FreshExample {
        Required.field("FreshExample.example", example);
    }
}
