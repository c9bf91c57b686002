// The `perspective-api-client` package: its URL is a constant, so axios is told where that leads.
const axios = require('axios');
const Perspective = require('perspective-api-client');

axios.interceptors.request.use((config) => ({
  ...config,
  url: config.url.replace('https://commentanalyzer.googleapis.com', process.env.URL),
}));

(async () => {
  const client = new Perspective({apiKey: process.env.KEY});
  const told = {
    whole: await client.analyze('You are a <b>stupid</b> idiot.'),
    several: await client.analyze('You are a stupid idiot.',
      {attributes: ['toxicity', 'identity_attack'], doNotStore: false}),
  };
  try {
    await client.analyze('hello there', {attributes: ['flirtation']});
  } catch (error) {
    told.unknown = {name: error.name, message: error.message, status: error.response.status};
  }
  console.log(JSON.stringify(told));
})();
