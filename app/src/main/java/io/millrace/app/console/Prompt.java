package io.millrace.app.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** Questions to the person at the terminal; where there is none, every question has its default as its answer. */
public final class Prompt {

    private final PrintWriter out;
    private final BufferedReader in;
    private final boolean asks;

    /**
     * Questions on {@code out}, answers from {@code in}.
     *
     * @param asks whether anybody is there to answer
     */
    public Prompt(PrintWriter out, BufferedReader in, boolean asks) {
        this.out = out;
        this.in = in;
        this.asks = asks;
    }

    /** Whether anybody is there to answer. */
    public boolean asks() {
        return asks;
    }

    /** The answer; {@code otherwise} if it is empty. */
    public String ask(String question, String otherwise) {
        if (!asks) {
            return otherwise;
        }
        out.print(question + (otherwise.isEmpty() ? ": " : " [" + otherwise + "]: "));
        out.flush();
        try {
            String line = in.readLine();
            String answer = line == null ? "" : line.strip();
            return answer.isEmpty() ? otherwise : answer;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the answer: " + e.getMessage(), e);
        }
    }

    /** Whether the answer is yes; without anybody to answer it is no. */
    public boolean confirm(String question) {
        String answer = ask(question + " (yes or no)", asks ? "no" : "");
        return answer.equalsIgnoreCase("yes") || answer.equalsIgnoreCase("y");
    }
}
