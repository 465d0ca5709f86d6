package io.millrace.schemas;

/**
 * A text without a label, for masked-token updates; the record's key is the task's name.
 *
 * @param id unique within the task
 * @param text the text
 */
public record UnlabelledText(String id, String text) {}
