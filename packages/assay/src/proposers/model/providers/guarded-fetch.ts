/** Of a response, headers excepted. More than any answer and its protocol take. */
const responseBytesMax = 32 * 1024 * 1024;

/**
 * What every provider is asked through: a redirect is an error, since it would carry key and prompt to whomever it names, and a response
 * without an end is cut off before it fills the memory.
 */
export const guardedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: "error" });
  if (response.body === null) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > responseBytesMax)
          controller.error(new Error(`the response is longer than ${responseBytesMax} bytes`));
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
};
