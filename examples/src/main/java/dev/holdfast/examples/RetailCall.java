package dev.holdfast.examples;

/**
 * One call of a shop tool.
 *
 * @param id the tool call's id, under which the world's ledger counts it
 * @param tool the tool's name; an unknown one is answered, not refused
 * @param arguments a JSON object as text, as the model wrote it
 */
record RetailCall(String id, String tool, String arguments) {}
