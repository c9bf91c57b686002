// Google's client library for JavaScript, as the Perspective API's own example uses it.
const {google} = require('googleapis');

const {URL: url, KEY: key} = process.env;

const analyze = (client, key, resource) =>
  new Promise((resolve) =>
    client.comments.analyze({key, resource}, (error, response) =>
      resolve(error ? {status: error.code, message: error.message} : response.data)));

(async () => {
  const client = await google.discoverAPI(`${url}/$discovery/rest?version=v1alpha1`);
  const rude = {
    comment: {text: 'You are a stupid idiot.'},
    requestedAttributes: {TOXICITY: {}},
  };
  const suggested = await client.comments.suggestscore({
    key,
    resource: {
      comment: rude.comment,
      attributeScores: {TOXICITY: {summaryScore: {value: 1}}},
      clientToken: 'token',
    },
  });
  console.log(JSON.stringify({
    whole: await analyze(client, key, rude),
    suggested: suggested.data,
    empty: await analyze(client, key, {comment: {text: ''}}),
    stranger: await analyze(client, 'not-a-key', rude),
  }));
})();
